import { registry } from "@web/core/registry";

/** A list of contacts: choose, read whom it reaches and what it costs, send, watch. */
registry.category("web_tour.tours").add("sms_composer", {
    steps: () => [
        {
            content: "the list of contacts",
            trigger: ".o_list_view .o_pager_limit:contains(/^6$/)",
        },
        {
            content: "choose all of them",
            trigger: ".o_list_table thead .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_selection_box:contains(6)",
        },
        {
            content: "open the actions",
            trigger: ".o_cp_action_menus .dropdown-toggle",
            run: "click",
        },
        {
            content: "Send SMS",
            trigger: '.o-dropdown-item:contains("Send SMS")',
            run: "click",
        },
        {
            content: "who gets it, and who does not, before a word is written",
            trigger: ".modal [data-figure=sends]:contains(5)",
        },
        {
            trigger: '.modal .o_sms_composer_left_out:contains("No phone number: 1")',
        },
        {
            content: "type a text",
            trigger: ".modal .o_field_widget[name=body]:not(.d-none) textarea",
            run: "edit Bom dia!",
        },
        {
            content: "its price",
            trigger: '.modal [data-tile=price] [data-figure=price]:contains("0.50")',
        },
        {
            content: "take a template instead",
            trigger: ".modal .o_field_widget[name=template_id] input",
            run: "edit Tour composer",
        },
        {
            trigger: '.o-autocomplete--dropdown-item a:contains("Tour composer")',
            run: "click",
        },
        {
            content: "the text as the first one gets it",
            trigger: '.modal .o_sms_bubble:contains("Ola Tour, de Cidade 1")',
        },
        {
            content: "the next one's",
            trigger: ".modal button[name=preview_next]",
            run: "click",
        },
        {
            trigger: '.modal .o_sms_bubble:contains("Ola Tour, de Cidade 2")',
        },
        {
            content: "so many are sent as a campaign",
            trigger: ".modal .o_sms_composer_campaign",
        },
        {
            content: "send",
            trigger: ".modal button[name=action_send_sms_mass_now]:not(.d-none)",
            run: "click",
        },
        {
            content: "the campaign's progress",
            trigger: ".o_form_view .o_field_sms_progress",
        },
        {
            content: "all are delivered, without a reload",
            trigger: ".o_form_view [data-figure=delivered]:contains(5)",
            timeout: 60000,
        },
    ],
});
