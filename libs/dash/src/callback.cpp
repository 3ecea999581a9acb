#include <algorithm>

#include <fmt/format.h>

#include <dash/callback.hpp>
#include <web/problem.hpp>

namespace dash {
namespace {

using Kind = schema::Value::Kind;

const schema::Value* find_member(const schema::Value& object, std::string_view name) {
    const auto found = std::ranges::find(object.members, name, &schema::Member::name);
    return found == object.members.end() ? nullptr : &found->value;
}

std::optional<std::string> text_member(const schema::Value& object, std::string_view name) {
    const auto* value = find_member(object, name);
    if (value == nullptr || value->kind != Kind::kString) return std::nullopt;
    return value->text;
}

// Reads the list from a member that is absent if the list is empty.
bool parse_arguments(const schema::Value& body, std::string_view name,
                     std::vector<Call::Argument>& arguments) {
    const auto* list = find_member(body, name);
    if (list == nullptr) return true;
    if (list->kind != Kind::kArray) return false;
    for (const auto& entry : list->items) {
        auto id = text_member(entry, "id");
        auto property = text_member(entry, "property");
        if (!id || !property) return false;
        // An undefined value has no member, because JSON has no "undefined".
        const auto* value = find_member(entry, "value");
        arguments.push_back(
            {{*std::move(id), *std::move(property)}, value == nullptr ? schema::Value() : *value});
    }
    return true;
}

boost::json::array to_json(const std::vector<Property>& properties) {
    boost::json::array list;
    for (const auto& property : properties)
        list.push_back({{"id", property.id}, {"property", property.name}});
    return list;
}

}  // namespace

std::optional<Call> parse_call(const schema::Value& body) {
    if (body.kind != Kind::kObject) return std::nullopt;
    auto output = text_member(body, "output");
    if (!output) return std::nullopt;
    Call call{.output = *std::move(output)};
    if (!parse_arguments(body, "inputs", call.inputs)) return std::nullopt;
    if (!parse_arguments(body, "state", call.state)) return std::nullopt;
    return call;
}

std::string output_key(const std::vector<Property>& outputs) {
    const auto key = [](const Property& output) { return output.id + '.' + output.name; };
    if (outputs.size() == 1) return key(outputs.front());
    std::string joined = "..";
    for (const auto& output : outputs) {
        if (joined.size() > 2) joined += "...";
        joined += key(output);
    }
    return joined + "..";
}

boost::json::object Callback::describe() const {
    boost::json::value function = nullptr;
    if (clientside) {
        function = {{"namespace", clientside->name_space}, {"function_name", clientside->function}};
    }
    // The front end expects every member.
    return {{"output", output_key(outputs)},
            {"inputs", to_json(inputs)},
            {"state", to_json(state)},
            {"clientside_function", std::move(function)},
            {"prevent_initial_call", options.prevent_initial_call},
            {"background", nullptr},
            {"dynamic_creator", false},
            {"no_output", false},
            {"optional", false},
            {"hidden", false},
            {"websocket", false},
            {"persistent", false}};
}

namespace detail {

const schema::Value* find_argument(const std::vector<Call::Argument>& arguments,
                                   const Property& property, std::string_view list,
                                   web::Exchange& exchange) {
    const auto found = std::ranges::find(arguments, property, &Call::Argument::property);
    if (found != arguments.end()) return &found->value;
    exchange.fail("body", {.pointer = fmt::format("/{}", list),
                           .code = "missing",
                           .message = fmt::format("needs {}.{}", property.id, property.name)});
    return nullptr;
}

web::Response update_response(const std::vector<Property>& outputs,
                              std::span<const std::optional<boost::json::value>> values) {
    boost::json::object changed;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        if (!values[i]) continue;
        auto& component = changed[outputs[i].id];
        if (component.is_null()) component.emplace_object();
        component.as_object()[outputs[i].name] = *values[i];
    }
    web::Response response;
    response.status = 204;
    if (!changed.empty()) {
        std::string json;
        schema::append_json(json, {{"multi", true}, {"response", std::move(changed)}});
        response = web::text_response(200, "application/json", std::move(json));
    }
    response.headers.set("Cache-Control", "no-store");
    return response;
}

web::Response invalid_arguments(const web::Exchange& exchange) {
    return web::problem_response({.status = 422,
                                  .detail = "The callback does not take these values; see errors.",
                                  .errors = exchange.errors()},
                                 exchange.public_path());
}

}  // namespace detail
}  // namespace dash
