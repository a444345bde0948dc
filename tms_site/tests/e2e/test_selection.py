"""Selecting rows of a list for a bulk action."""

import re

import pytest
from playwright.sync_api import expect

from tickets.factories import TicketFactory

pytestmark = pytest.mark.browser


@pytest.fixture
def page(open_page, agent):
    for title in ("Blue ink", "Red ink", "Paper"):
        TicketFactory(title=title)
    return open_page(agent, "/tickets/")


def test_the_bar_says_how_many_are_selected_and_one_box_selects_the_page(page):
    count, everything = page.locator("#bulk-count"), page.get_by_label("Select all on this page")
    page.get_by_label("Select #").first.check()
    expect(count).to_have_text("1 selected")
    assert everything.evaluate("box => box.indeterminate")
    everything.check()
    expect(count).to_have_text("3 selected")
    everything.uncheck()
    expect(page.locator("#bulk")).to_be_hidden()
    for box in page.get_by_label("Select #").all():
        box.check()
    expect(everything).to_be_checked()


def test_filtering_keeps_what_stays_in_the_list_selected_and_says_what_does_not(page):
    page.get_by_label("Select all on this page").check()
    page.locator("#id_q").fill("ink")
    page.wait_for_url("**/tickets/?q=ink")
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.locator("#bulk-count")).to_have_text("2 selected")
    expect(page.get_by_role("status").locator(".alert")).to_have_text(re.compile("not in this list: 1"))


@pytest.mark.parametrize("has_script", [True, False])
def test_back_from_the_results_leads_step_by_step_to_the_list(open_page, agent, page, has_script):
    page = open_page(agent, "/tickets/", java_script_enabled=has_script)
    page.locator("#id_q").fill("ink")
    page.locator("#id_q").press("Enter")
    page.wait_for_url(re.compile(r"/tickets/\?.*q=ink"))
    expect(page.locator("tbody tr")).to_have_count(2)
    for box in page.get_by_label("Select #").all():
        box.check()
    page.locator("#bulk-action").select_option("priority")
    page.get_by_role("button", name="Go on").click()
    page.locator("[name=value]").select_option("urgent")
    page.get_by_role("button", name="Show what will happen").click()
    page.get_by_role("button", name="Change 2 tickets").click()
    page.wait_for_url(re.compile(r"/tickets/bulk/\d+/$"))
    page.go_back()
    expect(page.get_by_role("main")).to_contain_text("2 tickets: It is so already.")
    page.go_back()
    expect(page.get_by_role("button", name="Show what will happen")).to_be_visible()
    page.go_back()
    expect(page).to_have_url(re.compile(r"/tickets/\?.*q=ink"))
    expect(page.locator("tbody tr")).to_have_count(2)


@pytest.mark.parametrize("has_script", [True, False])
def test_a_merge_of_one_ticket_is_refused_with_the_ticket_still_selected(open_page, agent, page, has_script):
    page = open_page(agent, "/tickets/?sort=title", java_script_enabled=has_script)
    page.get_by_label("Select #").nth(1).check()
    page.locator("#bulk-action").select_option("merge")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert").locator(".alert")).to_contain_text("Select at least 2 tickets to merge.")
    expect(page).to_have_url(re.compile(r"/tickets/\?sort=title$"))
    expect(page.get_by_label("Select #").nth(1)).to_be_checked()
    expect(page.locator("#bulk-action")).to_have_value("merge")
    if has_script:
        expect(page.locator("#bulk-count")).to_have_text("1 selected")
    page.get_by_label("Select #").nth(0).check()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("button", name="Merge")).to_be_visible()
