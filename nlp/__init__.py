"""Vietnamese text to typed records: times, quantities, statements, document references and tasks.

>>> from datetime import date
>>> from chitieu.nlp import Document, extract
>>> [found] = extract([Document("a", "Tăng trưởng kinh tế năm 2023 ước đạt 4,65%.", date(2023, 12, 30))])
>>> found.quantities[0].value, found.quantities[0].unit, found.quantities[0].bound
(4.65, '%', '~')
>>> found.statements[0].text, found.statements[0].role
('Tăng trưởng kinh tế', 'actual')
"""

from chitieu.nlp.pipeline import RULES_VERSION, analyse, build, extract
from chitieu.nlp.records import Document, Extraction, Quantity, Record, Reference, Statement, Task, Time, Zone

__all__ = [
    "RULES_VERSION",
    "Document",
    "Extraction",
    "Quantity",
    "Record",
    "Reference",
    "Statement",
    "Task",
    "Time",
    "Zone",
    "analyse",
    "build",
    "extract",
]
