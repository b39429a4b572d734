import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

/** What a campaign manager does: send, watch the progress, look at the jobs. */
registry.category("web_tour.tours").add("sms_campaign", {
    steps: () => [
        ...stepUtils.goToAppSteps(
            "contacts_realcred.contacts_realcred_menu_root",
            "Open the campaigns"
        ),
        {
            content: "open the demo campaign",
            trigger: '.o_data_cell:contains("Demo: press Send SMS")',
            run: "click",
        },
        {
            content: "nothing has been sent yet",
            trigger: '.o_sms_progress:contains("Nothing has been planned")',
        },
        {
            content: "press Send SMS",
            trigger: "button[name=action_send_campaign]",
            run: "click",
        },
        {
            content: "confirm",
            trigger: ".modal .btn-primary",
            run: "click",
        },
        {
            content: "the job is named",
            trigger: '.o_notification:contains("Sending scheduled")',
        },
        {
            content: "the progress shows that all is sent, without a reload",
            trigger: ".o_sms_progress[data-state=done]",
            timeout: 60000,
        },
        {
            content: "delivery reports come in by webhook",
            trigger: ".o_sms_progress [data-figure=delivered]:contains(/^[1-9]/)",
            timeout: 60000,
        },
        {
            content: "replies come in",
            trigger: ".o_sms_progress [data-figure=replied]:contains(/^[1-9]/)",
            timeout: 60000,
        },
        ...stepUtils.goToAppSteps("sms_base_sr.menu_sms_root", "Open SMS"),
        {
            content: "the jobs are open to somebody who is no administrator",
            trigger: '[data-menu-xmlid="sms_base_sr.menu_sms_jobs"]',
            run: "click",
        },
        {
            content: "look at the finished ones",
            trigger: ".o_facet_remove",
            run: "click",
        },
        {
            content: "the batch is there",
            trigger: '.o_data_row:contains("Demo: press Send SMS")',
            timeout: 20000,
        },
    ],
});
