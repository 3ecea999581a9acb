// SQL texts that follow from described structs: a column is named once, as a member.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include <base/described.hpp>
#include <base/fixed_string.hpp>
#include <postgres/type.hpp>

namespace postgres {

namespace detail {

template <std::size_t N>
struct TextBuilder {
    base::FixedString<N + 1> text;
    std::size_t size = 0;

    consteval void append(std::string_view part) {
        for (const char c : part)
            text.data[size++] = c;
    }
    consteval void append_number(std::size_t number) {
        if (number >= 10) append_number(number / 10);
        text.data[size++] = static_cast<char>('0' + number % 10);
    }
};

// Counts what a TextBuilder would hold.
struct TextCounter {
    std::size_t size = 0;

    consteval void append(std::string_view part) { size += part.size(); }
    consteval void append_number(std::size_t number) {
        for (++size; number >= 10; number /= 10)
            ++size;
    }
};

// The text that `write` writes, which is called twice: for its length and for itself.
template <class Write>
consteval auto text_of(Write) {
    constexpr auto size = [] {
        TextCounter counter;
        Write()(counter);
        return counter.size;
    }();
    TextBuilder<size> builder;
    Write()(builder);
    return builder.text;
}

// "for_each<Row>(out, [](auto member, position) ...)" with ", " in between.
template <class Row, class Out, class WriteOne>
consteval void write_members(Out& out, WriteOne write_one) {
    std::size_t position = 0;
    boost::mp11::mp_for_each<base::Members<Row>>([&](auto member) {
        if (position > 0) out.append(", ");
        write_one(member, position++);
    });
}

}  // namespace detail

/// The parts as one text, a constant: sql<"select ", columns_of<Item>, " from items">.
template <base::FixedString... Parts>
inline constexpr auto joined =
    detail::text_of([](auto& out) consteval { (out.append(Parts.view()), ...); });
template <base::FixedString... Parts>
inline constexpr std::string_view sql = joined<Parts...>.view();

/// "id, name, price": the columns that are named like Row's members.
template <base::Described Row>
inline constexpr auto columns_of = detail::text_of([](auto& out) consteval {
    detail::write_members<Row>(out, [&](auto member, std::size_t) { out.append(member.name); });
});

/// "$1, $2, $3": a Row given as an argument is one parameter for each member, from $First on.
template <base::Described Row, std::size_t First = 1>
inline constexpr auto parameters_of = detail::text_of([](auto& out) consteval {
    detail::write_members<Row>(out, [&](auto, std::size_t position) {
        out.append("$");
        out.append_number(First + position);
    });
});

/// "$1::text[], $2::numeric[]": for unnest(), with the arguments of columns().
template <base::Described Row>
inline constexpr auto arrays_of = detail::text_of([](auto& out) consteval {
    detail::write_members<Row>(out, [&](auto member, std::size_t position) {
        out.append("$");
        out.append_number(1 + position);
        out.append("::");
        out.append(kTypeName<base::MemberType<decltype(member), Row>>);
        out.append("[]");
    });
});

/// "name = $4, price = $5": for `update`, from $First on.
template <base::Described Row, std::size_t First>
inline constexpr auto assignments_of = detail::text_of([](auto& out) consteval {
    detail::write_members<Row>(out, [&](auto member, std::size_t position) {
        out.append(member.name);
        out.append(" = $");
        out.append_number(First + position);
    });
});

/// The same for a patch, whose members may be absent: each is two parameters, whether it is there
/// and its value. "name = case when $4 then $5 else name end, ..."
template <base::Described Patch, std::size_t First>
inline constexpr auto changes_of = detail::text_of([](auto& out) consteval {
    detail::write_members<Patch>(out, [&](auto member, std::size_t position) {
        out.append(member.name);
        out.append(" = case when $");
        out.append_number(First + 2 * position);
        out.append(" then $");
        out.append_number(First + 2 * position + 1);
        out.append(" else ");
        out.append(member.name);
        out.append(" end");
    });
});

}  // namespace postgres
