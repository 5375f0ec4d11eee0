"""The night of tagloom: samples, train, evaluate, export for one day, one task a stage. For Airflow 2.7 and later, and 3.

Each run does the day before it: started in the first hours of 2 November, that of 1 November. Another day is run by
triggering the DAG with the parameter `date`, as in {"date": "2026-10-30"}.

Airflow variables, read when a task runs (or the environment, as AIRFLOW_VAR_...):

- `tagloom_home`: folder of an unpacked archive of `tagloom package` (of the sources, their folder `pipeline`)
- `tagloom_conf`: settings file
- `tagloom_options`: further options of every command, such as `--master yarn`; may be missing
- `tagloom_ready`: command that ends with 0 once the logs of day `$TAGLOOM_DATE` are complete, such as
  `hdfs dfs -test -e /logs/clicks/dt=$TAGLOOM_DATE/_SUCCESS`; asked every five minutes for up to twelve hours; without it
  nothing is waited for

Environment of the scheduler and the DAG processor, read when this file is:

- `TAGLOOM_SCHEDULE` (`0 2 * * *`), `TAGLOOM_POOL` (`default_pool`), `TAGLOOM_RETRIES` (2)
- `TAGLOOM_ON_FAILURE`: command that is run when a task has failed for good, with `TAGLOOM_TASK`, `TAGLOOM_RUN` and
  `TAGLOOM_ERROR` in its environment; may be missing

What ends with exit code 2 (settings), 3 (input data) or 4 (publish refused) does not mend by itself and fails at once. All
else is tried again after ten minutes: 1, 5 (another run holds the lock of this day), and what was killed.

Nights that were missed are not caught up: the next night rebuilds the days of samples that they left, and its model and
tables stand for them. Profiles as of a missed day are made by `tagloom nightly --date`, or by a trigger with `date`.
"""

import os
import subprocess
from datetime import datetime, timedelta

try:  # Airflow 3
    from airflow.providers.standard.operators.bash import BashOperator
    from airflow.providers.standard.sensors.bash import BashSensor
    from airflow.sdk import DAG, Param
except ImportError:  # Airflow 2
    from airflow import DAG
    from airflow.models.param import Param
    from airflow.operators.bash import BashOperator
    from airflow.sensors.bash import BashSensor

try:  # Airflow 3.2
    from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
except ImportError:
    from airflow.exceptions import AirflowFailException, AirflowSkipException

WILL_NOT_MEND = [2, 3, 4]

# The end of a run's interval is the moment it stands for, whether Airflow counts it from the day before (2) or not (3).
DATE = "{{ params.date or ((data_interval_end - macros.timedelta(days=1)) | ds) }}"

COMMAND = (
    '"$TAGLOOM_HOME/bin/tagloom" %s --conf "$TAGLOOM_CONF" --date "$TAGLOOM_DATE"'
    ' {{ var.value.get("tagloom_options", "") }}'
)


class TagloomOperator(BashOperator):
    """Runs one command; what another try cannot mend fails at once, whatever the retries."""

    def __init__(self, **options):
        super().__init__(skip_on_exit_code=WILL_NOT_MEND, **options)

    def execute(self, context):
        try:
            return super().execute(context)
        except AirflowSkipException:
            raise AirflowFailException(
                "tagloom %s ended with 2 (settings), 3 (input data) or 4 (publish refused), which another try does not mend."
                " Its last words above tell what to do." % self.task_id
            ) from None


def on_failure(context):
    """Tells the command of TAGLOOM_ON_FAILURE, if there is one."""
    command = os.environ.get("TAGLOOM_ON_FAILURE", "")
    if command:
        told = {
            "TAGLOOM_TASK": context["task_instance"].task_id,
            "TAGLOOM_RUN": str(context["run_id"]),
            "TAGLOOM_ERROR": str(context.get("exception", "")),
        }
        subprocess.run(["bash", "-c", command], env={**os.environ, **told}, timeout=60, check=True)


with DAG(
    dag_id="tagloom_nightly",
    description="User-tag profiles of the day before",
    doc_md=__doc__,
    schedule=os.environ.get("TAGLOOM_SCHEDULE", "0 2 * * *"),
    start_date=datetime(2026, 1, 1),
    catchup=False,
    # Nights follow each other: each may start from the model of the one before.
    max_active_runs=1,
    # A pattern, since what a person types becomes part of a command.
    params={"date": Param("", type="string", pattern="^([0-9]{4}-[0-9]{2}-[0-9]{2})?$")},
    default_args={
        "retries": int(os.environ.get("TAGLOOM_RETRIES", "2")),
        "retry_delay": timedelta(minutes=10),
        "pool": os.environ.get("TAGLOOM_POOL", "default_pool"),
        "on_failure_callback": on_failure,
    },
    tags=["tagloom"],
) as dag:
    last = BashSensor(
        task_id="logs",
        bash_command='export TAGLOOM_DATE="%s"; {{ var.value.get("tagloom_ready", "true") }}' % DATE,
        mode="reschedule",
        poke_interval=300,
        timeout=12 * 3600,
    )
    for stage in ["samples", "train", "evaluate", "export"]:
        task = TagloomOperator(
            task_id=stage,
            bash_command=COMMAND % stage,
            env={
                "TAGLOOM_HOME": "{{ var.value.tagloom_home }}",
                "TAGLOOM_CONF": "{{ var.value.tagloom_conf }}",
                "TAGLOOM_DATE": DATE,
            },
            append_env=True,
        )
        last >> task
        last = task
