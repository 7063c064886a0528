"""Vietnamese text to typed records: times, quantities, statements, document references and tasks."""
