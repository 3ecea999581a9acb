// The arguments of one query, encoded when the call is made.
#pragma once

#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <base/described.hpp>
#include <postgres/type.hpp>

namespace postgres {

namespace detail {
template <class T>
struct ParameterType : NotNull<T> {};
// String literals.
template <std::size_t N>
struct ParameterType<char[N]> {
    using type = std::string_view;
};
template <>
struct ParameterType<const char*> {
    using type = std::string_view;
};
}  // namespace detail

/// A value that may be absent, which is not NULL: a member of a merge patch. It stands for two
/// parameters, whether it is there and its value; see changes_of().
template <class T>
concept Absentable = requires(const T& value) {
    { value.present() } -> std::same_as<bool>;
    *value;
};

/// A type whose values can stand for $n: one with Type<T>::encode, a std::optional of such, a
/// string literal, or std::nullopt (NULL). A described struct stands for one parameter for each
/// member, in their order. Anything else is a compile error.
template <class T>
concept Parameter = std::same_as<T, std::nullopt_t> || base::Described<T> || Absentable<T> ||
                    Writable<typename detail::ParameterType<std::remove_const_t<T>>::type>;

/// The encoded arguments. Encoding happens before anything suspends, so an argument may be a view
/// of something short-lived. Throws EncodeError for text that holds a NUL character.
class Params {
public:
    Params() = default;
    template <Parameter... Args>
        requires(sizeof...(Args) > 0)
    explicit Params(const Args&... args) {
        offsets_.reserve(sizeof...(Args));
        (add(args), ...);
    }

    /// Adds the next argument, for statements that are put together at run time; run() takes them.
    template <Parameter T>
    void append(const T& value) {
        add(value);
    }

    [[nodiscard]] std::size_t size() const noexcept { return offsets_.size(); }
    /// The value of $(index + 1), terminated by NUL as libpq wants it; nullptr for NULL.
    [[nodiscard]] const char* value(std::size_t index) const noexcept {
        return offsets_[index] == kNull ? nullptr : text_.data() + offsets_[index];
    }

private:
    static constexpr std::size_t kNull = static_cast<std::size_t>(-1);

    template <class T>
    void add(const T& value) {
        if constexpr (base::Described<T>) {
            boost::mp11::mp_for_each<base::Members<T>>(
                [&](auto member) { add(value.*member.pointer); });
        } else if constexpr (Absentable<T>) {
            using Value = std::remove_cvref_t<decltype(*value)>;
            add(value.present());
            if (value.present()) {
                add(static_cast<const Value&>(*value));
            } else {
                add(std::nullopt);
            }
        } else {
            offsets_.push_back(text_.size());
            Type<typename detail::ParameterType<T>::type>::encode(value, text_);
            text_ += '\0';
        }
    }
    template <class T>
    void add(const std::optional<T>& value) {
        if (value) {
            add(*value);
        } else {
            offsets_.push_back(kNull);
        }
    }
    void add(std::nullopt_t) { offsets_.push_back(kNull); }

    std::string text_;
    std::vector<std::size_t> offsets_;
};

}  // namespace postgres
