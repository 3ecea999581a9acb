#include <dash/dcc.hpp>

namespace dash::dcc {
namespace {

Component core(const char* type, boost::json::object props) {
    return {"dash_core_components", type, std::move(props)};
}

void set_text(boost::json::object& props, std::string_view name, const std::string& text) {
    if (!text.empty()) props[name] = text;
}

}  // namespace

boost::json::array to_json(const std::vector<Option>& options) {
    boost::json::array list;
    list.reserve(options.size());
    for (const auto& option : options)
        list.push_back({{"label", option.label}, {"value", option.value}});
    return list;
}

Component dropdown(DropdownProps props) {
    boost::json::object json{{"id", props.id},
                             {"options", to_json(props.options)},
                             {"clearable", props.clearable},
                             {"searchable", props.searchable}};
    if (props.value) json["value"] = *props.value;
    set_text(json, "placeholder", props.placeholder);
    if (!props.labels.empty()) json["labels"] = std::move(props.labels);
    return core("Dropdown", std::move(json));
}

Component radio_items(RadioItemsProps props) {
    boost::json::object json{
        {"id", props.id}, {"options", to_json(props.options)}, {"value", props.value}};
    set_text(json, "className", props.class_name);
    if (props.remember) {
        json["persistence"] = true;
        json["persistence_type"] = "local";
    }
    return core("RadioItems", std::move(json));
}

Component graph(GraphProps props) {
    boost::json::object json{
        {"id", props.id}, {"figure", std::move(props.figure)}, {"responsive", true}};
    set_text(json, "className", props.class_name);
    if (!props.config.empty()) json["config"] = std::move(props.config);
    return core("Graph", std::move(json));
}

Component interval(std::string id, std::chrono::milliseconds period) {
    return core("Interval", {{"id", std::move(id)}, {"interval", period.count()}});
}

Component store(std::string id) {
    return core("Store", {{"id", std::move(id)}});
}

}  // namespace dash::dcc
