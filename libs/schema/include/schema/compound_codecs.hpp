// Codecs of what wraps or holds other values: optional, Default, Omissible and lists.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <schema/codec.hpp>
#include <schema/constrained.hpp>

namespace schema {

namespace detail {
// A schema that also accepts null.
[[nodiscard]] boost::json::object nullable(boost::json::object schema);
}  // namespace detail

/// null and a missing member are both nullopt.
template <class T>
struct Codec<std::optional<T>> {
    static std::optional<std::optional<T>> decode(const Value& value, const Issues& issues) {
        if (value.kind == Value::Kind::kNull) return std::optional<T>();
        auto inner = Codec<T>::decode(value, issues);
        if (!inner) return std::nullopt;
        return std::optional<std::optional<T>>(std::in_place, std::move(inner));
    }
    static std::optional<T> absent() { return std::nullopt; }
    static void encode(std::string& out, const std::optional<T>& value) {
        if (value) {
            Codec<T>::encode(out, *value);
        } else {
            out += "null";
        }
    }
    static boost::json::object describe(Components& components) {
        return detail::nullable(Codec<T>::describe(components));
    }
};

template <class T, auto Value_>
struct Codec<Default<T, Value_>> {
    using Type = Default<T, Value_>;

    static std::optional<Type> decode(const Value& value, const Issues& issues) {
        auto inner = Codec<T>::decode(value, issues);
        if (!inner) return std::nullopt;
        return Type(std::move(*inner));
    }
    static Type absent() { return Type(); }
    static void encode(std::string& out, const Type& value) { Codec<T>::encode(out, value); }
    static boost::json::object describe(Components& components) {
        auto result = Codec<T>::describe(components);
        if constexpr (requires { Value_.view(); }) {
            result["default"] = Value_.view();
        } else {
            result["default"] = Value_;
        }
        return result;
    }
};

template <class T>
struct Codec<Omissible<T>> {
    static std::optional<Omissible<T>> decode(const Value& value, const Issues& issues) {
        auto inner = Codec<T>::decode(value, issues);
        if (!inner) return std::nullopt;
        return Omissible<T>(std::move(*inner));
    }
    static Omissible<T> absent() { return {}; }
    static bool omitted(const Omissible<T>& value) { return !value.present(); }
    static void encode(std::string& out, const Omissible<T>& value) {
        Codec<T>::encode(out, *value);
    }
    static boost::json::object describe(Components& components) {
        return Codec<T>::describe(components);
    }
};

template <class T>
struct Codec<std::vector<T>> {
    static std::optional<std::vector<T>> decode(const Value& value, const Issues& issues) {
        if (value.kind != Value::Kind::kArray) {
            issues.fail("list_type", "must be an array");
            return std::nullopt;
        }
        std::vector<T> result;
        result.reserve(value.items.size());
        bool valid = true;
        for (std::size_t i = 0; i < value.items.size() && !issues.full(); ++i) {
            const auto place = issues.at(i);
            auto item = Codec<T>::decode(value.items[i], place);
            if (item) {
                result.push_back(std::move(*item));
            } else {
                valid = false;
            }
        }
        if (!valid || issues.full()) return std::nullopt;
        return result;
    }
    static void encode(std::string& out, const std::vector<T>& list) {
        out += '[';
        for (std::size_t i = 0; i < list.size(); ++i) {
            if (i > 0) out += ',';
            Codec<T>::encode(out, list[i]);
        }
        out += ']';
    }
    static boost::json::object describe(Components& components) {
        return {{"type", "array"}, {"items", Codec<T>::describe(components)}};
    }
};

}  // namespace schema
