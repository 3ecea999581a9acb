// How a C++ type reads, writes and describes itself as JSON. A type takes part by specialising
// Codec; structs do so by being described (BOOST_DESCRIBE_STRUCT), see struct_codec.hpp.
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include <schema/issues.hpp>
#include <schema/value.hpp>

namespace schema {

/// The named schemas of a document: "#/components/schemas/ItemRead" is stated once and referred to.
class Components {
public:
    /// Whether the caller has to describe the type and define() it: it is new, or was described as
    /// output only and is now input too. Reserving first lets a type refer to itself. Throws
    /// std::logic_error when two types claim one name.
    [[nodiscard]] bool reserve(const std::string& name, std::string_view full_type_name);
    void define(const std::string& name, boost::json::object schema);

    /// By name, in alphabetical order.
    [[nodiscard]] boost::json::object to_json() const;

    /// Whether what is described now is written by us: then every member is there, also one that an
    /// input may leave out.
    [[nodiscard]] bool describes_output() const noexcept { return output_; }

    /// Describes output for a scope.
    class OutputScope {
    public:
        explicit OutputScope(Components& components) noexcept : components_(components) {
            components_.output_ = true;
        }
        ~OutputScope() { components_.output_ = false; }
        OutputScope(const OutputScope&) = delete;
        OutputScope& operator=(const OutputScope&) = delete;

    private:
        Components& components_;
    };

private:
    struct Entry {
        std::string name;
        std::string full_type_name;
        bool output_only = false;
        boost::json::object schema;
    };
    std::vector<Entry> entries_;
    bool output_ = false;
};

/// {"$ref": "#/components/schemas/<name>"}
[[nodiscard]] boost::json::object component_reference(std::string_view name);

/// Specialisations have
///   std::optional<T> decode(const Value&, const Issues&)  nullopt: issues were reported,
///   void encode(std::string& out, const T&)                appends JSON,
///   boost::json::object describe(Components&)              JSON Schema 2020-12;
/// and, when a missing member is no error, T absent().
template <class T>
struct Codec;

template <class T>
concept Codable = requires(const Value& value, const Issues& issues, Components& components) {
    { Codec<T>::decode(value, issues) } -> std::same_as<std::optional<T>>;
    Codec<T>::describe(components);
};

template <class T>
concept MayBeAbsent = requires {
    { Codec<T>::absent() } -> std::same_as<T>;
};

/// Whether an encoded struct leaves this member out (an absent member of a merge patch).
template <class T>
concept MayBeOmitted = requires(const T& value) {
    { Codec<T>::omitted(value) } -> std::same_as<bool>;
};

/// The JSON text of a value.
template <class T>
[[nodiscard]] std::string to_json(const T& value) {
    std::string out;
    Codec<T>::encode(out, value);
    return out;
}

/// The reverse, for JSON that this program wrote; nullopt if the text is not JSON or not a T.
template <Codable T>
[[nodiscard]] std::optional<T> from_json(std::string_view json) {
    const auto parsed = parse(json);
    const auto* value = std::get_if<Value>(&parsed);
    if (value == nullptr) return std::nullopt;
    std::vector<Issue> issues;
    return Codec<T>::decode(*value, Issues(issues));
}

}  // namespace schema
