import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillStart, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { ConversationModel } from "./conversation_model";

const MODEL = "acrux.chat.conversation";
const NEWS = ["new_messages", "update_conversation", "error_messages", "init_conversation"];
const LISTED = 100; // conversations
const LINES = 22; // what the app itself loads of one

/** A plain window to read and to answer: a stand-in of the app's own. */
export class Chatroom extends Component {
    static template = "whatsapp_connector.Chatroom";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.bus = useService("bus_service");
        this.lines = useRef("lines");
        this.state = useState({ all: {}, openId: null, text: "", problem: "", busy: false });
        this.onNews = (payload) => this.merge(payload, true);
        NEWS.forEach((type) => this.bus.subscribe(type, this.onNews));
        onWillUnmount(() => NEWS.forEach((type) => this.bus.unsubscribe(type, this.onNews)));
        onWillStart(() => this.load());
        useEffect(
            (element) => {
                element?.scrollTo(0, element.scrollHeight);
            },
            () => [this.lines.el, this.open?.messages.length]
        );
    }

    get open() {
        return this.state.all[this.state.openId];
    }

    /** What this agent may see, the newest first. */
    get conversations() {
        const seen = ({ status, isMine }) =>
            status === "new" || isMine || (status === "current" && this.seesAll);
        return Object.values(this.state.all)
            .filter((each) => each.id === this.state.openId || seen(each))
            .sort((a, b) => b.last_activity.localeCompare(a.last_activity) || b.id - a.id);
    }

    get mayAnswer() {
        return this.open.isMine || (this.seesAll && this.open.status === "current");
    }

    async load() {
        this.bus.start();
        this.seesAll = await user.hasGroup("whatsapp_connector.group_chatroom_admin");
        const ids = await this.orm.call(MODEL, "search_active_conversation", []);
        if (ids.length) {
            this.merge(await this.orm.call(MODEL, "build_dict", [ids.slice(0, LISTED), 1]));
        }
        this.answers = await this.orm.call(
            "acrux.chat.default.answer",
            "get_for_chatroom",
            []
        );
    }

    merge(payload, isNews = false) {
        for (const values of payload) {
            this.state.all[values.id] ||= new ConversationModel();
            this.state.all[values.id].update(values, isNews);
        }
    }

    async select(id) {
        Object.assign(this.state, { openId: id, text: "", problem: "" });
        this.merge(await this.orm.call(MODEL, "build_dict", [[id], LINES]));
        await this.orm.call(MODEL, "conversation_send_read", [[id]]);
    }

    /** Run a request; where it is refused, say why beside the box. */
    async attempt(request) {
        Object.assign(this.state, { problem: "", busy: true });
        try {
            return await request();
        } catch (error) {
            this.state.problem = error.data?.message || error.message;
        } finally {
            this.state.busy = false;
        }
    }

    async attend() {
        const id = this.state.openId;
        const found = await this.attempt(() =>
            this.orm.call(MODEL, "block_conversation", [[id]])
        );
        for (const { id, status, agent_id } of found || []) {
            Object.assign(this.state.all[id], { status, agent_id });
        }
        this.merge(found || []);
    }

    async release() {
        const id = this.state.openId;
        await this.attempt(() => this.orm.call(MODEL, "release_conversation", [[id]]));
    }

    async choose(event) {
        const id = Number(event.target.value);
        event.target.value = "";
        const answer = await this.attempt(() =>
            this.orm.call("acrux.chat.default.answer", "eval_answer", [[id], this.open.id])
        );
        this.state.text = answer?.text || this.state.text;
    }

    onKeydown(event) {
        if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
            event.preventDefault();
            this.send();
        }
    }

    async send() {
        const { openId: id, text, busy } = this.state;
        if (busy || !text.trim()) {
            return;
        }
        const vals = { ttype: "text", text: text.trim(), from_me: true, id: -Date.now() };
        const messages = await this.attempt(() =>
            this.orm.call(MODEL, "send_message", [[id], vals])
        );
        if (messages) {
            this.merge([{ id, messages }]);
            this.state.text = id === this.state.openId ? "" : this.state.text;
        }
    }

    showDetails() {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: MODEL,
            res_id: this.open.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("acrux.chat.conversation_tag", Chatroom);
