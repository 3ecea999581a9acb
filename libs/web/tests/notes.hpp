// A small application that the tests share: notes, kept by an interface that they fake.
#pragma once

#include <optional>
#include <string>

#include <schema/schema.hpp>
#include <web/app.hpp>
#include <web/result.hpp>

namespace notes {

using Text = schema::Constrained<std::string, schema::trimmed, schema::printable,
                                 schema::min_length(1), schema::max_length(20)>;
using NoteId = schema::Constrained<std::int64_t, schema::ge(1)>;

struct NoteCreate {
    Text text;
    std::optional<std::int32_t> stars;
};
BOOST_DESCRIBE_STRUCT(NoteCreate, (), (text, stars))

struct NotePatch {
    schema::Omissible<Text> text;
    schema::Omissible<std::optional<std::int32_t>> stars;
};
BOOST_DESCRIBE_STRUCT(NotePatch, (), (text, stars))

struct NoteRead {
    std::int64_t id;
    std::string text;
    std::optional<std::int32_t> stars;
};
BOOST_DESCRIBE_STRUCT(NoteRead, (), (id, text, stars))
inline std::string entity_tag(const NoteRead& note) {
    return "v-" + note.text;
}

struct NoteFilter {
    schema::Default<schema::Constrained<std::int32_t, schema::ge(1), schema::le(100)>, 20> limit;
    std::optional<std::string> q;
};
BOOST_DESCRIBE_STRUCT(NoteFilter, (), (limit, q))

struct NoteList {
    std::vector<NoteRead> notes;
    std::int32_t limit;
};
BOOST_DESCRIBE_STRUCT(NoteList, (), (notes, limit))

struct NoteMissing {};
inline web::NotFound http_error(NoteMissing) {
    return web::NotFound("There is no such note.");
}

struct Notes {
    virtual ~Notes() = default;
    virtual base::Task<NoteRead> add(NoteCreate note) = 0;
    virtual base::Task<base::Result<NoteRead, NoteMissing>> find(NoteId id) = 0;
};

[[nodiscard]] web::Router router();

}  // namespace notes
