"""Disbursement of public investment across provinces through the year.

    marimo edit notebooks/disbursement.py

Reads the warehouse of the data folder that is set (`chitieu config`), as by CHITIEU_DATA.
"""

import marimo

app = marimo.App(width="medium", app_title="Giải ngân vốn đầu tư công")


@app.cell
def _():
    import altair as alt
    import marimo as mo

    from chitieu.pipelines.asking import ask

    return alt, ask, mo


@app.cell
def _(mo):
    mo.md("""
    # Giải ngân vốn đầu tư công của các tỉnh qua các tháng

    Tỷ lệ giải ngân cộng dồn từ đầu năm, theo các bài đã thu thập; đường đứt là mục tiêu tại thời hạn của nó.
    """)
    return


@app.cell
def _(ask):
    # Observations say what a figure is for: May's disbursement is January to May, reprints count once.
    figures = ask(
        """
        SELECT p.name AS place, o.role, CAST(o.value AS DOUBLE) AS percent, o.period_to AS day, year(o.period_to) AS year,
            any_value(substring(a.text, s.sentence_start + 1, s.sentence_end - s.sentence_start)) AS sentence
        FROM observation AS o
        JOIN indicator AS i USING (indicator_id)
        JOIN place AS p USING (place_id)
        JOIN article AS a ON a.article_id = o.article_id AND a.version = o.version
        JOIN statement AS s ON s.article_id = o.article_id AND s.version = o.version AND s.record_id = o.record_id
        WHERE i.name = 'Tỷ lệ giải ngân vốn đầu tư công' AND o.kind = 'level' AND o.stage != 'forecast'
            AND o.value BETWEEN 0 AND 110 AND o.period_to IS NOT NULL AND NOT contains(o.doubt, 'qualified')
        GROUP BY ALL
        ORDER BY place, day, percent
        """,
    )
    return (figures,)


@app.cell
def _(figures, mo):
    years = sorted(figures["year"].unique(), reverse=True)
    full = figures[figures["role"] != "target"]["year"].value_counts()
    year = mo.ui.dropdown([str(number) for number in years], value=str(full.index[0]) if len(full) else None, label="Năm")
    year
    return (year,)


@app.cell
def _(figures, year):
    of_year = figures[figures["year"].astype(str) == year.value]
    reported = of_year[of_year["role"] != "target"]
    targets = of_year[of_year["role"] == "target"]
    return reported, targets


@app.cell
def _(alt, reported, targets):
    _x = alt.X("day:T", title=None)
    _y = alt.Y("percent:Q", title="% kế hoạch", scale=alt.Scale(domain=[0, 105]))
    _color = alt.Color("place:N", title="địa phương")
    _tooltip = ["place", "day", "percent", "sentence"]
    through_the_year = (
        alt.Chart(reported).mark_line(point=True).encode(_x, _y, color=_color, tooltip=_tooltip)
        + alt.Chart(targets).mark_point(shape="diamond", size=90, filled=True).encode(_x, _y, color=_color, tooltip=_tooltip)
    ).properties(title="Đã giải ngân (chấm tròn) và mục tiêu (hình thoi)", height=320)
    through_the_year
    return (through_the_year,)


@app.cell
def _(alt, reported):
    latest = reported.sort_values(["day", "percent"]).groupby("place", as_index=False).last()
    ranking = (
        alt.Chart(latest)
        .mark_bar()
        .encode(
            x=alt.X("percent:Q", title="% kế hoạch, số mới nhất"),
            y=alt.Y("place:N", title=None, sort="-x"),
            tooltip=["place", "day", "percent", "sentence"],
        )
        .properties(title="Xếp theo số liệu mới nhất (ngày của số liệu có thể khác nhau)")
    )
    ranking
    return latest, ranking


@app.cell
def _(mo, reported):
    mo.ui.table(reported[["place", "day", "percent", "sentence"]], selection=None)
    return


if __name__ == "__main__":
    app.run()
