"""Files in a bucket: moto's S3, by way of ATTACHMENTS_S3_ENDPOINT, in a bucket as deploy/aws/template.yml makes it."""

import logging
from datetime import UTC, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
import yaml
from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.core.management import call_command

from activity.integrity import Progress
from activity.integrity.attachments import check_attachments
from tickets import services
from tickets.attachments import files
from tickets.factories import picture, upload
from tms_site import environment

pytestmark = pytest.mark.django_db
BUCKET = "tms-attachments"
REGION = "eu-central-1"
TEMPLATE = environment.BASE_DIR / "deploy" / "aws" / "template.yml"
# What AWS asks permission for where that isn't the operation's own name.
PERMISSION = {
    "HeadObject": "s3:GetObject",
    "ListObjects": "s3:ListBucket",
    "ListObjectsV2": "s3:ListBucket",
    "CreateMultipartUpload": "s3:PutObject",
    "UploadPart": "s3:PutObject",
    "CompleteMultipartUpload": "s3:PutObject",
}


class Template(yaml.SafeLoader):
    """Reads CloudFormation's own tags as what stands behind them."""


def _without_tag(loader, _tag, node):
    return loader.construct_scalar(node) if node.id == "scalar" else loader.construct_sequence(node)


Template.add_multi_constructor("!", _without_tag)


def resources():
    return yaml.load(TEMPLATE.read_text(), Loader=Template)["Resources"]  # noqa: S506 - a safe loader, with some tags


def make_bucket(client):
    """Make the bucket, with those of its properties that change what clients meet."""
    wanted = resources()["Attachments"]["Properties"]
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration=wanted["VersioningConfiguration"])
    client.put_bucket_ownership_controls(Bucket=BUCKET, OwnershipControls=wanted["OwnershipControls"])
    public = wanted["PublicAccessBlockConfiguration"]
    client.put_public_access_block(Bucket=BUCKET, PublicAccessBlockConfiguration=public)


@pytest.fixture(scope="module")
def endpoint():
    """The address of a service that speaks S3."""
    # Imported when they're needed: half a second for all others.
    boto3, moto = import_module("boto3"), import_module("moto.server")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "nobody")
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
            patch.delenv(name, raising=False)
        server.start()
        address = "http://{}:{}".format(*server.get_host_and_port())
        make_bucket(boto3.client("s3", endpoint_url=address, region_name=REGION))
        yield address
        server.stop()


@pytest.fixture
def bucket(endpoint, monkeypatch, settings, tmp_path):
    """What lies in the bucket (`keys`), and what it was asked for (`asked`)."""
    monkeypatch.setenv("ATTACHMENTS_S3_BUCKET", BUCKET)
    monkeypatch.setenv("ATTACHMENTS_S3_REGION", REGION)
    monkeypatch.setenv("ATTACHMENTS_S3_ENDPOINT", endpoint)
    settings.STORAGES = {**django_settings.STORAGES, "attachments": environment.attachment_storage(tmp_path)}
    asked = set()
    client = files.storage().connection.meta.client
    client.meta.events.register("before-call.s3", lambda model, **_more: asked.add(model.name))
    backends = import_module("moto.s3.models").s3_backends
    (kept,) = [each.buckets[BUCKET].keys for account in backends.values() for each in account.values() if each.buckets]
    kept.clear()
    return SimpleNamespace(objects=kept, asked=asked, keys=lambda: {key for key in kept if not is_deleted(kept[key])})


def is_deleted(stored):
    return type(stored).__name__ == "FakeDeleteMarker"


@pytest.fixture
def attach(requester, ticket):
    """Attach a file to a ticket, and return its row."""

    def make(file):
        text = {"actor": requester, "ticket_id": ticket.pk, "description": "Look"}
        return services.add_comment(**text, attachments=[file]).comment.attachments.get()

    return make


def findings():
    return list(check_attachments(Progress(lambda line: None)))


@pytest.mark.parametrize("size", [12, 9 * 2**20], ids=["small", "in parts"])
def test_what_is_sent_by_a_page_lies_in_the_bucket_and_can_be_downloaded(bucket, client_for, requester, ticket, size):
    browser, content = client_for(requester), b"All is well." * (size // 12)
    values = {"description": "Look", "attachments": ContentFile(content, "report.txt")}
    assert browser.post(f"{ticket.get_absolute_url()}comments/", values).status_code == 302
    attachment = ticket.comments.get().attachments.get()
    assert bucket.keys() == {f"attachments/{attachment.storage_name}"}
    answer = browser.get(f"{ticket.get_absolute_url()}attachments/{attachment.pk}/")
    assert b"".join(answer.streaming_content) == content
    assert answer["Content-Disposition"] == 'attachment; filename="report.txt"'
    assert findings() == []


def test_what_is_deleted_goes_with_its_preview(bucket, attach, sysadmin, django_capture_on_commit_callbacks):
    comment = attach(picture()).comment
    assert len(bucket.keys()) == 2
    with django_capture_on_commit_callbacks(execute=True):
        services.delete_comment(actor=sysadmin, ticket_id=comment.ticket_id, comment_id=comment.pk)
    assert bucket.keys() == set()


def test_a_file_that_is_gone_or_another_one_is_named_and_not_found(bucket, attach, client_for, requester):
    gone, other = attach(upload()), attach(upload("other.txt"))
    for attachment in (gone, other):
        files.storage().delete(attachment.storage_name)
    files.storage().save(other.storage_name, ContentFile(b"Not so well."))
    said = findings()
    assert [line.partition(":")[0] for line in said] == [
        f"Attachment {each.pk} on ticket #{each.ticket_id}" for each in (gone, other)
    ]
    assert "its file is gone" in said[0]
    path = f"{gone.ticket.get_absolute_url()}attachments/{gone.pk}/"
    assert client_for(requester).get(path).status_code == 404


def test_orphans_older_than_a_day_are_removed_and_nothing_else(bucket, attach, capsys):
    attachment = attach(picture())
    for name in ("aa/old", "aa/new", "bb/old.preview"):
        files.storage().save(name, ContentFile(b"left over"))
    for key, stored in bucket.objects.items():
        if not key.endswith("new"):
            stored.last_modified = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=2)
    call_command("clean_attachments")
    assert capsys.readouterr().out == "Removed 2 files.\n"
    name = f"attachments/{attachment.storage_name}"
    assert bucket.keys() == {"attachments/aa/new", name, f"{name}.preview"}


def test_a_bucket_in_which_nothing_lies_is_in_order(bucket, capsys):
    call_command("clean_attachments")
    assert capsys.readouterr().out == "Removed 0 files.\n"
    assert findings() == []


def test_the_machines_on_aws_may_do_what_that_takes(bucket, attach):
    large, small = attach(upload(content=b"x" * 9 * 2**20)), attach(upload())
    assert findings() == []
    call_command("clean_attachments")
    files.remove([large.storage_name, small.storage_name])
    (policy,) = resources()["InstanceRole"]["Properties"]["Policies"]
    allowed = set()
    for statement in policy["PolicyDocument"]["Statement"]:
        actions = statement["Action"]
        allowed |= {actions} if isinstance(actions, str) else set(actions)
    assert {"PutObject", "DeleteObject", "UploadPart"} <= bucket.asked
    assert {PERMISSION.get(name, f"s3:{name}") for name in bucket.asked} <= allowed
