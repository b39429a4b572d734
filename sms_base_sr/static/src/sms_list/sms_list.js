import { registry } from "@web/core/registry";
import { listView } from "@web/views/list/list_view";
import { ListRenderer } from "@web/views/list/list_renderer";

// Below this a list would have to be pushed sideways (telephones show cards).
const WIDE = 992;

/** A list that leaves out its columns of class `o_sms_wide` where there is no room. */
export class SmsListRenderer extends ListRenderer {
    getActiveColumns() {
        const columns = super.getActiveColumns();
        if (window.innerWidth >= WIDE) {
            return columns;
        }
        return columns.filter(({ attrs }) => !attrs?.class?.includes("o_sms_wide"));
    }
}

registry.category("views").add("sms_list", { ...listView, Renderer: SmsListRenderer });
