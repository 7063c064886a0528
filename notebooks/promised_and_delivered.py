"""What a province promised, and what came of it.

    marimo edit notebooks/promised_and_delivered.py

Reads the warehouse of the data folder that is set (`chitieu config`), as by CHITIEU_DATA.
"""

import marimo

app = marimo.App(width="medium", app_title="Đã hứa và đã làm")


@app.cell
def _():
    import altair as alt
    import marimo as mo

    from chitieu.pipelines.asking import ask

    return alt, ask, mo


@app.cell
def _(mo):
    mo.md("""
    # Một tỉnh đã hứa gì, và đã làm được gì

    Mỗi dòng là một chỉ tiêu, cùng số liệu so sánh được mới nhất. *Chưa có số liệu* chỉ nghĩa là các bài đã
    thu thập không nói đến.
    """)
    return


@app.cell
def _(ask):
    scoreboard = ask("FROM scoreboard")
    return (scoreboard,)


@app.cell
def _(mo, scoreboard):
    places = sorted(scoreboard["place"].dropna().unique())
    told = scoreboard[scoreboard["latest_value"].notna()]["place"].value_counts()
    place = mo.ui.dropdown(places, value=told.index[0] if len(told) else next(iter(places), None), label="Địa phương")
    candidates = mo.ui.checkbox(label="cả những dòng chưa chắc chắn")
    mo.hstack([place, candidates], justify="start")
    return candidates, place


@app.cell
def _(candidates, place, scoreboard):
    of_place = scoreboard[scoreboard["place"] == place.value]
    rows = of_place if candidates.value else of_place[of_place["state"] != "candidate"]
    return (rows,)


@app.cell
def _(alt, rows):
    _colours = {
        "met": "#1a7f4b",
        "missed": "#b3261e",
        "on course": "#1565a8",
        "behind": "#c77700",
        "not reported": "#8795a3",
        "candidate": "#6d5a9c",
    }
    states = (
        alt.Chart(rows.groupby("state", as_index=False).size())
        .mark_bar()
        .encode(
            x=alt.X("size:Q", title="số chỉ tiêu"),
            y=alt.Y("state:N", title=None, sort=list(_colours)),
            color=alt.Color("state:N", scale=alt.Scale(domain=list(_colours), range=list(_colours.values())), legend=None),
        )
        .properties(title="Tình trạng các chỉ tiêu", height=160)
    )
    states
    return (states,)


@app.cell
def _(alt, rows):
    _reported = rows[rows["latest_share"].notna()].assign(
        name=lambda frame: frame["indicator_name"].fillna(frame["indicator"]) + " (" + frame["deadline"].astype(str).str[:10] + ")"
    )
    _bars = (
        alt.Chart(_reported)
        .mark_bar()
        .encode(
            x=alt.X("latest_share:Q", title="số liệu mới nhất so với mục tiêu", axis=alt.Axis(format="%")),
            y=alt.Y("name:N", title=None, sort="-x"),
            color=alt.Color("state:N", title="tình trạng"),
            tooltip=["name", "target_value", "latest_value", "unit", "state", "latest_sentence"],
        )
    )
    delivered = (_bars + alt.Chart(_reported).mark_rule(strokeDash=[4, 4]).encode(x=alt.datum(1))).properties(
        title="Đạt bao nhiêu phần của mục tiêu"
    )
    delivered
    return (delivered,)


@app.cell
def _(mo, rows):
    mo.ui.table(
        rows[["indicator_name", "target_value", "unit", "deadline", "latest_value", "latest_period_end", "gap", "state", "target_sentence", "latest_sentence"]],
        selection=None,
    )
    return


if __name__ == "__main__":
    app.run()
