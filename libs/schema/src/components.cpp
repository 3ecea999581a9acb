#include <algorithm>
#include <stdexcept>

#include <schema/codec.hpp>

namespace schema {

bool Components::reserve(const std::string& name, std::string_view full_type_name) {
    const auto found = std::ranges::find(entries_, name, &Entry::name);
    if (found == entries_.end()) {
        entries_.push_back({name, std::string(full_type_name), output_, {}});
        return true;
    }
    if (found->full_type_name != full_type_name) {
        throw std::logic_error("two types are both called " + name + ": " + found->full_type_name +
                               " and " + std::string(full_type_name));
    }
    const bool becomes_input = found->output_only && !output_;
    if (becomes_input) found->output_only = false;
    return becomes_input;
}

void Components::define(const std::string& name, boost::json::object schema) {
    std::ranges::find(entries_, name, &Entry::name)->schema = std::move(schema);
}

boost::json::object Components::to_json() const {
    auto sorted = entries_;
    std::ranges::sort(sorted, {}, &Entry::name);
    boost::json::object result;
    for (const auto& entry : sorted)
        result[entry.name] = entry.schema;
    return result;
}

boost::json::object component_reference(std::string_view name) {
    return {{"$ref", "#/components/schemas/" + std::string(name)}};
}

}  // namespace schema
