"""docs/operations.md, line by line: what it tells operators to type can be typed, and what it names is there.

The commands themselves are run elsewhere: by `scripts.smoke` (`make run`), by the drills (migrate, gunicorn, worker,
nginx) and by each command's own tests.
"""

import re
import shlex
from contextlib import suppress
from itertools import dropwhile, pairwise

import pytest
import yaml
from django.core.management import CommandError, get_commands, load_command_class
from django.urls import Resolver404, resolve

from tms_site.environment import BASE_DIR
from tms_site.tests.test_docs import rows, targets

PAGE = (BASE_DIR / "docs" / "operations.md").read_text()
CONFIGURATION = (BASE_DIR / "docs" / "configuration.md").read_text()
VARIABLES = {row[0].strip("`") for row in rows(CONFIGURATION)}
BLOCK = re.compile(r"```(\w*)\n(.*?)```", re.DOTALL)
SETTING = re.compile(r"([A-Z][A-Z0-9_]+)=(.*)")
# Spans of code that are nothing of ours.
FOREIGN = {"SIGKILL", "FILE", "NULL", "GET_LOCK", "KILL"}
COMPOSE = yaml.safe_load((BASE_DIR / "docker-compose.yml").read_text())
TEMPLATE = (BASE_DIR / "deploy" / "aws" / "template.yml").read_text()
# Programs of the system, whose own options are none of ours.
SYSTEM = {"cd", "nginx", "systemctl", "python3"}


class Wrong(Exception):  # noqa: N818 - the page is
    """What the page says can't be done."""


def need(fine, problem):
    if not fine:
        raise Wrong(problem)


def commands_of(block):
    """Return the commands of a block, each as words, without comments and with continued lines joined."""
    for line in block.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        rest = []
        for word in words:
            if word == "&&":
                yield rest
                rest = []
            else:
                rest.append(word.strip("()"))
        yield rest


def check_manage(name, *arguments):
    """Let the command's own parser read what stands behind it."""
    need(name in get_commands(), f"manage.py {name}")
    app = get_commands()[name]
    command = load_command_class(app, name) if isinstance(app, str) else app
    with suppress(CommandError):
        command.create_parser("manage.py", name).parse_args(arguments)
        return
    raise Wrong(f"manage.py {name} {' '.join(arguments)}")


def check_compose(*words):
    compose, action, *rest = words if len(words) > 1 else ("", "")
    need(compose == "compose" and action in {"up", "run", "exec"}, f"docker {' '.join(words)}")
    rest = list(dropwhile(lambda word: word.startswith("-"), rest))
    if rest:
        need(rest[0] in COMPOSE["services"], f"the service {rest[0]}")
        check_command(rest[1:])


def check_make(target, *variables):
    need(target in targets(), f"make {target}")
    makefile = (BASE_DIR / "Makefile").read_text()
    for variable in variables:
        name = SETTING.fullmatch(variable)[1]
        need(f"{name} ?=" in makefile or name in VARIABLES, f"make {variable}")


def check_files(*names):
    for name in names:
        need((BASE_DIR / name).exists(), name)


def check_python(script, *arguments):
    need(script == "manage.py", f"python {script}")
    check_manage(*arguments)


def check_pip(*words):
    check_files(*(word for before, word in pairwise(words) if before == "-r"))


def check_curl(*words):
    path = words[-1].removeprefix("http://127.0.0.1:8000")
    check_address(path)


def check_address(path):
    try:
        resolve(path)
    except Resolver404 as error:
        raise Wrong(f"the address {path}") from error


def check_aws(service, *words):
    if service == "s3":
        return
    need(words[0] == "deploy", f"aws {service} {words[0]}")
    check_files(words[words.index("--template-file") + 1])
    given = {name for name, _ in (word.split("=") for word in words if re.match(r"\w+=", word))}
    known = yaml.safe_load(TEMPLATE[TEMPLATE.index("Parameters:") : TEMPLATE.index("Resources:")])["Parameters"]
    needed = {name for name, values in known.items() if "Default" not in values}
    need(needed <= given <= set(known), f"the template's parameters: {sorted(needed ^ given)}")


def check_zip(_options, _archive, *names):
    check_files(*(f"deploy/aws/{name}" for name in names))


CHECKS = {
    "manage.py": check_manage,
    "python": check_python,
    ".venv/bin/python": check_python,
    ".venv/bin/pip": check_pip,
    ".venv/bin/gunicorn": lambda *words: check_files("gunicorn.conf.py"),
    "docker": check_compose,
    "make": check_make,
    "curl": check_curl,
    "aws": check_aws,
    "zip": check_zip,
    "cp": lambda source, _target: check_files(source),
    "git": lambda action, *_words: need(action in {"clone", "archive"}, f"git {action}"),
}


def check_command(words):
    """Raise Wrong unless a command can be typed."""
    if not words or words[0] in SYSTEM:
        return
    setting = SETTING.match(words[0])
    if setting:
        need(setting[1] in VARIABLES, setting[1])
        need(setting[1] in COMPOSE["x-tms"]["environment"], f"{setting[1]} in docker-compose.yml")
        return
    need(words[0] in CHECKS, f"nobody looked at {words[0]}")
    CHECKS[words[0]](*words[1:])


def check_span(span):
    """Raise Wrong when a span of code in the text names something of ours that isn't there."""
    words = span.split()
    if words[0] == "manage.py" and len(words) > 1:
        need(words[1] in get_commands(), span)
        parser = load_command_class(get_commands()[words[1]], words[1]).create_parser("manage.py", words[1])
        known = {option for action in parser._actions for option in action.option_strings}  # noqa: SLF001 - they aren't told otherwise
        need({word for word in words[2:] if word.startswith("-")} <= known, span)
    elif words[0] == "make":
        check_make(*words[1:])
    elif re.fullmatch(r"[A-Z][A-Z0-9_]{3,}(=.*)?", span) and span not in FOREIGN:
        need(span.partition("=")[0] in VARIABLES, span)
    elif re.fullmatch(r"/[a-z/-]+", span):
        check_address(span)
    elif re.fullmatch(r"[\w./-]+/[\w.-]+\.\w+|[\w-]+\.(yml|py|conf)", span):
        check_files(span)


def problems(page):
    """Return what's wrong with a page."""
    found = []
    pieces = [
        (check_command, words) for kind, block in BLOCK.findall(page) if kind == "sh" for words in commands_of(block)
    ]
    pieces += [(check_span, span) for span in re.findall(r"`([^`\n]+)`", BLOCK.sub("", page))]
    for check, piece in pieces:
        try:
            check(piece)
        except Wrong as wrong:
            found.append(str(wrong))
    return found


def test_everything_that_the_page_tells_to_type_can_be_typed():
    assert PAGE.count("```sh") >= 5
    assert problems(PAGE) == []


@pytest.mark.parametrize(
    "wrong",
    [
        "manage.py no_such_command",
        "manage.py backup",
        "manage.py restore tms.zip --no-such-option",
        "python manage.py work --no-such-option",
        ".venv/bin/python other.py",
        "docker compose exec web python manage.py nonsense",
        "docker compose run --rm nobody python manage.py doctor",
        "docker compose stop",
        "docker swarm",
        "make nonsense",
        "make drill NONSENSE=1",
        ".venv/bin/pip install -r requirements-nonsense.txt",
        "curl -fsS http://127.0.0.1:8000/nonsense",
        "cp deploy/nonsense.conf /etc/nginx/",
        "(cd deploy/aws && zip -qr ../../tms.zip .nonsense)",
        "aws cloudformation deploy --template-file deploy/aws/template.yml --parameter-overrides DomainName=a.b.c",
        "aws cloudformation delete-stack",
        "git push",
        "NONSENSE=1",
        "TMS_REQUIRE=browser",
        "rm -rf /",
    ],
)
def test_a_line_that_cannot_be_typed_is_found(wrong):
    assert len(problems(f"```sh\n{wrong}\n```\n")) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        "manage.py nonsense",
        "manage.py work --nonsense",
        "make nonsense",
        "NONSENSE=1",
        "/nonsense",
        "deploy/nonsense.yml",
        "nonsense.conf",
    ],
)
def test_a_name_of_what_is_not_there_is_found(wrong):
    assert len(problems(f"The text names `{wrong}`.")) == 1


def test_the_page_says_what_to_do_about_each_alert():
    (group,) = yaml.safe_load((BASE_DIR / "deploy" / "monitoring" / "alerts.yml").read_text())["groups"]
    alerts = [rule["alert"] for rule in group["rules"]]
    assert [row[0] for row in rows(PAGE) if row[0].startswith("Tms")] == alerts


def test_the_head_of_the_compose_file_makes_the_first_sysadmin_as_the_page_does():
    (command,) = re.findall(r"`(docker .* create_sysadmin.*)`", (BASE_DIR / "docker-compose.yml").read_text())
    assert command in PAGE


def test_the_page_has_the_drills_own_columns():
    from drills.kill import HEAD  # noqa: PLC0415 - the drills' processes are no concern of the others

    assert HEAD in PAGE
