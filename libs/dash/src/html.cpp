#include <dash/html.hpp>

namespace dash::html {
namespace {

Component element(const char* type, Attributes attributes, Children children) {
    auto props = std::move(attributes.more);
    if (!attributes.id.empty()) props["id"] = attributes.id;
    if (!attributes.class_name.empty()) props["className"] = attributes.class_name;
    if (!children.empty()) props["children"] = to_json(std::move(children));
    return {"dash_html_components", type, std::move(props)};
}

}  // namespace

Component div(Attributes attributes, Children children) {
    return element("Div", std::move(attributes), std::move(children));
}
Component header(Attributes attributes, Children children) {
    return element("Header", std::move(attributes), std::move(children));
}
Component main(Attributes attributes, Children children) {
    return element("Main", std::move(attributes), std::move(children));
}
Component section(Attributes attributes, Children children) {
    return element("Section", std::move(attributes), std::move(children));
}
Component h1(Attributes attributes, Children children) {
    return element("H1", std::move(attributes), std::move(children));
}
Component h2(Attributes attributes, Children children) {
    return element("H2", std::move(attributes), std::move(children));
}
Component p(Attributes attributes, Children children) {
    return element("P", std::move(attributes), std::move(children));
}
Component span(Attributes attributes, Children children) {
    return element("Span", std::move(attributes), std::move(children));
}
Component label(Attributes attributes, Children children) {
    return element("Label", std::move(attributes), std::move(children));
}
Component a(Attributes attributes, Children children) {
    return element("A", std::move(attributes), std::move(children));
}

}  // namespace dash::html
