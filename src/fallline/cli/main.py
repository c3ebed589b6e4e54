"""The command `fallline`: one verb per file; each imports what it needs when it is called, so that help is instant."""

from __future__ import annotations

import sys

import typer

from fallline.cli.code import code
from fallline.cli.compare import compare
from fallline.cli.content import content
from fallline.cli.deploy import deploy
from fallline.cli.new import new
from fallline.cli.race import race
from fallline.cli.records import records
from fallline.cli.report import report
from fallline.cli.resume import resume
from fallline.cli.run import run
from fallline.cli.schema import schema
from fallline.cli.serve import serve
from fallline.cli.show import show
from fallline.core.errors import FallLineError

app = typer.Typer(
    name="fallline",
    help="Machine Learning Optimization Strategies as running software, and the workbench it is taught on.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

VERBS = (serve, run, race, resume, records, show, compare, code, report, deploy, new, schema, content)
"""The verbs, in the order of the help."""

for verb in VERBS:
    app.command()(verb)


def main() -> None:
    """Runs the command; misuse ends with one sentence and exit status 2, an interruption with 130."""
    from fallline.cli.environment import one_thread

    one_thread()
    try:
        app()
    except FallLineError as error:
        print(f"fallline: {error}", file=sys.stderr)
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        print(
            "\nfallline: interrupted. `fallline records` shows the run; `fallline resume ID` goes on.", file=sys.stderr
        )
        raise SystemExit(130) from None
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(141) from None


if __name__ == "__main__":
    main()
