import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

/**
 * A form of what people may record and never change.
 *
 * Odoo takes *Save* and *Discard* away from whoever may not write, of new records too.
 */
export class SmsOnceController extends FormController {
    get canEdit() {
        return this.mayWrite || Boolean(this.model?.root?.isNew);
    }
    set canEdit(mayWrite) {
        this.mayWrite = mayWrite;
    }
}

registry.category("views").add("sms_once", { ...formView, Controller: SmsOnceController });
