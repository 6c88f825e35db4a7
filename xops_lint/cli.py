"""The command line: one group, whose commands are the modules of ``commands``, loaded when used."""

from __future__ import annotations

import gc
import importlib
import sys

import click

from xops_lint import __version__, commands
from xops_lint.exceptions import XopsError

FAILED = 2
"""The exit status when what was asked for could not be done."""

INTERRUPTED = 130
"""The exit status after Ctrl-C, as shells have it."""


class CommandFolder(click.Group):
    """A group that imports a command only when it is called or listed."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the names of the modules in ``commands``."""
        import pkgutil

        return sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(commands.__path__))

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Import the module of a command."""
        if name not in self.list_commands(context):
            return None
        module = importlib.import_module(f"xops_lint.commands.{name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or name the nearest one."""
        known = self.list_commands(context)
        if arguments[0] not in known and not arguments[0].startswith("-"):
            from xops_lint.nearest import suggestion

            raise click.UsageError(f"no such command `{arguments[0]}`{suggestion(arguments[0], known)}", context)
        return super().resolve_command(context, arguments)


@click.command(cls=CommandFolder, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", message="xops-lint %(version)s")
def cli() -> None:
    """Lint data and ML systems: code, notebooks and pipeline configs."""


def main(arguments: list[str] | None = None) -> None:
    """Run a command and exit: 0 nothing found, 1 findings, 2 it could not be done."""
    # The process is short: collecting cycles would look through what stays to its end anyway.
    gc.disable()
    sys.exit(_status(arguments))


def _status(arguments: list[str] | None) -> int:
    try:
        return cli.main(arguments, prog_name="xops-lint", standalone_mode=False) or 0
    except click.ClickException as error:
        error.show()
        return FAILED
    except XopsError as error:
        for line in str(error).splitlines():
            click.echo(f"error: {line}", err=True)
        return FAILED
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except Exception:
        # Python's own status for a crash is 1, which would read as "findings".
        import traceback

        traceback.print_exc()
        click.echo("error: xops-lint itself failed; this is a bug, please report it with the lines above", err=True)
        return FAILED
