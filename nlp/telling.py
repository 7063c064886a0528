"""What a statement tells of its indicator: features of its role (target, actual, change, progress) and direction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chitieu.nlp.pieces import Line, magnitude

if TYPE_CHECKING:
    from chitieu.nlp.statements import View


def features(view: View, span: tuple[int, int], source: str) -> list[str]:
    """What speaks for the classes, for a figure named by `span`."""
    line, figure, d = view.line, view.figure, view.figure.dimension
    pieces, at = line.pieces, line.at
    tie = [p.form for p in pieces[:at] if p.start >= span[1]][-8:] if span[1] <= figure.start else []
    before = [p.form for p in view.before()][-14:]
    after = [p.form for p in view.after()][:10]
    head = [p.form for p in pieces[:at]]
    name = [p.form for p in pieces if span[0] <= p.start and p.end <= span[1]]
    times = _times_around(line)
    last = view.last
    out = [
        "bias",
        f"d={d}",
        f"u={figure.unit}",
        f"bound={figure.bound}",
        f"{d}|bound={figure.bound}",
        f"of={figure.of is not None}",
        f"v={magnitude(figure.value)}" if d in ("share", "points", "ratio") else "v",
        f"round={figure.value is not None and figure.value % 10 == 0}",
        f"source={source}",
        f"zone={view.scene.zone_at.get(view.number, 'body')}",
        *line.window(),
        f"{d}|l1={line.form(at - 1)}",
        f"{d}|l12={line.form(at - 2)} {line.form(at - 1)}",
        f"{d}|r1={line.form(at + 1)}",
        f"{d}|r12={line.form(at + 1)} {line.form(at + 2)}",
        f"tie={' '.join(tie[:5])}",
        f"tie2={' '.join(tie[:2])}",
        f"name1={name[0] if name else '-'}",
        f"{d}|name1={name[0] if name else '-'}",
        *(f"tw={f}" for f in dict.fromkeys(tie)),
        *(f"bw={f}" for f in dict.fromkeys(before)),
        *(f"bb={a} {b}" for a, b in zip(before, before[1:], strict=False)),
        *(f"{d}|bw={f}" for f in dict.fromkeys(before[-6:])),
        *(f"aw={f}" for f in dict.fromkeys(after)),
        *(f"ab={a} {b}" for a, b in zip(after, after[1:], strict=False)),
        *(f"nw={f}" for f in dict.fromkeys(name)),
        *(f"hw={f}" for f in dict.fromkeys(head)),
        *(f"hb={a} {b}" for a, b in zip(head, head[1:], strict=False) if b != ","),
        *times,
    ]
    if last is None:
        out.append("last=-")
    else:
        same = (last.start, last.end) == span
        was = view.scene.figures[last.figure].dimension
        out += [
            f"last={last.role}",
            f"last={last.role} {last.direction}|same={same}",
            f"last={last.role}|same={same}|{was}>{d}",
            f"last={last.role}|l1={line.form(at - 1)}",
            f"last={last.role} {last.direction}|b={' '.join(before[-3:])}",
        ]
    if view.said:
        out += [f"said={view.said[-1].role}", f"said={view.said[-1].role}|sent={min(3, view.number - view.said_in[-1])}"]
        recent = [fact.role for fact in view.said[-3:]]
        out.append(f"recent={' '.join(recent)}")
    out.append(f"item={pieces[0].form if pieces[0].kind == 'mark' else pieces[0].kind}")
    ruled = view.ruled
    told = f"{ruled.role} {ruled.direction}" if ruled is not None else "-"
    out += [f"ruled={told}", f"ruled={told}|{d}", f"ruled={told}|{ruled.rule if ruled is not None else '-'}"]
    for n, lead in enumerate(view.leads):
        forms = dict.fromkeys(p.form for p in lead.line.pieces)
        out += [f"lead={f}" for f in forms] if n == 0 else [f"leads={f}" for f in forms]
    out += [f"title={p.form}" for p in view.title.pieces[:40]]
    return out


def _times_around(line: Line) -> list[str]:
    """The times before and after the figure."""
    left = [p.form for p in line.pieces[: line.at] if p.kind == "time"]
    right = [p.form for p in line.pieces[line.at :] if p.kind == "time"]
    nearest_left, nearest_right = left[-1] if left else "-", right[0] if right else "-"
    return [f"tl={nearest_left}", f"tr={nearest_right}", f"t={nearest_left}{nearest_right}"]
