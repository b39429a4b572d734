import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

/** One SMS by hand: write, send, see it sent and delivered, find it in the chatter. */
registry.category("web_tour.tours").add("sms_single", {
    steps: () => [
        ...stepUtils.goToAppSteps("sms_base_sr.menu_sms_root", "Open SMS"),
        {
            content: "the messages",
            trigger: '[data-menu-xmlid="sms_base_sr.menu_sms_messages"]',
            run: "click",
        },
        {
            content: "new message",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "choose the contact",
            trigger: ".o_field_widget[name=partner_id] input",
            run: "edit Tour Exemplo",
        },
        {
            trigger: '.o-autocomplete--dropdown-item a:contains("Tour Exemplo")',
            run: "click",
        },
        {
            content: "the contact's number is filled in",
            trigger: ".o_field_widget[name=phone] input:value(98765-4321)",
        },
        {
            content: "write the text",
            trigger: ".o_field_widget[name=body] textarea",
            run: "edit Ola, tudo bem?",
        },
        {
            content: "send",
            trigger: "button[name=action_send]",
            run: "click",
        },
        {
            content: "it is on its way, or there already",
            trigger:
                '.o_arrow_button_current:contains(/In queue|Sent|Delivered/)',
        },
        {
            content: "it is delivered, without a reload",
            trigger: '.o_arrow_button_current:contains("Delivered")',
            timeout: 60000,
        },
        {
            content: "open the contact",
            trigger: ".o_field_widget[name=partner_id] a.o_form_uri",
            run: "click",
        },
        {
            content: "the chatter shows the SMS",
            trigger: '.o-mail-Message:contains("Ola, tudo bem?")',
            timeout: 20000,
        },
        {
            content: "and its delivery status",
            trigger: '.o-mail-Message:contains("Ola, tudo bem?"):contains("delivered")',
            timeout: 20000,
        },
    ],
});
