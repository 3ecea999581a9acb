#include <dash/component.hpp>

namespace dash {
namespace {

boost::json::value child_to_json(Child child) {
    if (auto* text = std::get_if<std::string>(&child)) return boost::json::value(*text);
    return to_json(std::get<Component>(std::move(child)));
}

}  // namespace

boost::json::value to_json(Component component) {
    return {{"type", component.type},
            {"namespace", component.library},
            {"props", std::move(component.props)}};
}

boost::json::value to_json(Children children) {
    if (children.empty()) return nullptr;
    if (children.size() == 1) return child_to_json(std::move(children.front()));
    boost::json::array list;
    list.reserve(children.size());
    for (auto& child : children)
        list.push_back(child_to_json(std::move(child)));
    return list;
}

}  // namespace dash
