"""Tasks overdue, by the agency that was told to do them.

    marimo edit notebooks/overdue_tasks.py

Reads the warehouse of the data folder that is set (`chitieu config`), as by CHITIEU_DATA.
"""

import marimo

app = marimo.App(width="medium", app_title="Nhiệm vụ quá hạn")


@app.cell
def _():
    import altair as alt
    import marimo as mo

    from chitieu.pipelines.asking import ask

    return alt, ask, mo


@app.cell
def _(mo):
    mo.md("""
    # Nhiệm vụ quá hạn, theo cơ quan được giao

    *Quá hạn* nghĩa là thời hạn đã qua mà chưa có bài nào trong kho báo việc đã xong. Cơ quan được gọi theo
    tên hiện nay, sau các lần sáp nhập.
    """)
    return


@app.cell
def _(ask):
    tasks = ask("FROM task_board WHERE deadline IS NOT NULL ORDER BY deadline, article_id, record_id")
    tasks["agency"] = tasks["agencies_today"].fillna(tasks["who"]).fillna("không nêu")
    return (tasks,)


@app.cell
def _(mo, tasks):
    place = mo.ui.dropdown(["(tất cả)", *sorted(tasks["place"].dropna().unique())], value="(tất cả)", label="Địa phương")
    place
    return (place,)


@app.cell
def _(place, tasks):
    chosen = tasks if place.value == "(tất cả)" else tasks[tasks["place"] == place.value]
    overdue = chosen[chosen["state"] == "overdue"]
    return chosen, overdue


@app.cell
def _(alt, overdue):
    _counts = overdue.groupby("agency", as_index=False).agg(tasks=("task", "size"), days=("days_overdue", "max"))
    by_agency = (
        alt.Chart(_counts.nlargest(20, "tasks"))
        .mark_bar()
        .encode(
            x=alt.X("tasks:Q", title="số nhiệm vụ quá hạn", axis=alt.Axis(tickMinStep=1)),
            y=alt.Y("agency:N", title=None, sort="-x"),
            color=alt.Color("days:Q", title="lâu nhất (ngày)", scale=alt.Scale(scheme="oranges")),
            tooltip=["agency", "tasks", "days"],
        )
        .properties(title="Quá hạn theo cơ quan")
    )
    by_agency
    return (by_agency,)


@app.cell
def _(alt, chosen):
    by_month = (
        alt.Chart(chosen)
        .mark_bar()
        .encode(
            x=alt.X("yearmonth(deadline):T", title="tháng của thời hạn"),
            y=alt.Y("count():Q", title="số nhiệm vụ"),
            color=alt.Color("state:N", title="tình trạng"),
        )
        .properties(title="Thời hạn theo tháng", height=180)
    )
    by_month
    return (by_month,)


@app.cell
def _(mo, overdue):
    mo.ui.table(overdue.sort_values("days_overdue", ascending=False)[["deadline", "days_overdue", "agency", "task", "place", "sentence"]], selection=None)
    return


if __name__ == "__main__":
    app.run()
