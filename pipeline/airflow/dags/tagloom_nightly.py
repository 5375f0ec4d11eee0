"""The night of tagloom: samples, train, evaluate, export for one date, one task a stage.

Airflow variables (or the environment, as AIRFLOW_VAR_...):
  tagloom_home     folder of tagloom
  tagloom_conf     settings file
  tagloom_options  further options of every command, such as "--master yarn" (may be empty)

A task that is run again rebuilds its day whole. Exit codes 2 (settings), 3 (input data) and 4 (publish refused) do not mend by
themselves; 1 is worth another try.
"""

from datetime import datetime, timedelta

from airflow import DAG
from airflow.operators.bash import BashOperator

COMMAND = (
    '"{{ var.value.tagloom_home }}/pipeline/bin/tagloom" %s'
    ' --conf "{{ var.value.tagloom_conf }}" --date {{ ds }} {{ var.value.get("tagloom_options", "") }}'
)

with DAG(
    dag_id="tagloom_nightly",
    description="User-tag profiles of the day before",
    schedule_interval="@daily",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=10), "depends_on_past": True},
    tags=["tagloom"],
) as dag:
    samples = BashOperator(task_id="samples", bash_command=COMMAND % "samples")
    train = BashOperator(task_id="train", bash_command=COMMAND % "train")
    evaluate = BashOperator(task_id="evaluate", bash_command=COMMAND % "evaluate")
    export = BashOperator(task_id="export", bash_command=COMMAND % "export")

    samples >> train >> evaluate >> export
