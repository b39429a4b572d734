import {registry} from "@web/core/registry";

// The real app opens its own window here. The stand-in has none: the list of
// conversations stands for it.
registry
    .category("actions")
    .add(
        "acrux.chat.conversation_tag",
        () => "whatsapp_connector.acrux_chat_conversation_agent_action"
    );
