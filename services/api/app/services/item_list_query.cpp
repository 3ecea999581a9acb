#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <services/item_list_query.hpp>

#include <postgres/sql.hpp>

namespace app {
namespace {

constexpr auto kSelect = postgres::sql<"select ", postgres::columns_of<ItemRead>, " from items">;

// The numbers of items that statements ask for; a page gets the next larger one. Few, since each
// makes a statement of its own.
constexpr std::array kPageSizes{kDefaultPageSize, 50, kMaxPageSize};
static_assert(std::ranges::is_sorted(kPageSizes));

// Adds conditions with their arguments; `name` gets a letter for each, so that it tells the
// statement.
class Conditions {
public:
    explicit Conditions(ItemListQuery& query) : query_(query) {}

    // "{}" in the condition stands for the argument.
    template <class T>
    void add(char letter, std::string_view condition, const T& argument) {
        query_.sql += first_ ? " where " : " and ";
        first_ = false;
        query_.sql += fmt::format(fmt::runtime(condition), placeholder(argument));
        query_.name += letter;
    }

    template <class T>
    std::string placeholder(const T& argument) {
        query_.params.append(argument);
        return fmt::format("${}", query_.params.size());
    }

private:
    ItemListQuery& query_;
    bool first_ = true;
};

void add_filters(Conditions& conditions, const ItemSelection& filter) {
    if (filter.q) {
        // strpos finds the text literally: no pattern characters to escape.
        conditions.add('q',
                       "(strpos(lower(name), lower({0})) > 0 or "
                       "strpos(lower(coalesce(description, '')), lower({0})) > 0)",
                       *filter.q);
    }
    if (filter.category) conditions.add('c', "category = {}", *filter.category);
    if (filter.min_price) conditions.add('m', "price >= {}", *filter.min_price);
    if (filter.max_price) conditions.add('x', "price <= {}", *filter.max_price);
}

std::string order_by(const ItemSelection& selection) {
    const auto column = sort_column(selection.sort).name;
    const std::string_view direction = is_descending(selection.sort) ? "desc" : "asc";
    return column == "id" ? fmt::format(" order by id {}", direction)
                          : fmt::format(" order by {0} {1}, id {1}", column, direction);
}

}  // namespace

ItemListQuery export_query(const ItemSelection& selection) {
    ItemListQuery query{.name = "items.export", .sql = fmt::format("copy ({}", kSelect)};
    Conditions conditions(query);
    add_filters(conditions, selection);
    query.sql += order_by(selection) + ") to stdout";
    return query;
}

ItemListQuery page_query(const ItemFilter& filter) {
    const auto& column = sort_column(filter.sort);
    const bool by_id = column.name == "id";
    const bool descending = is_descending(filter.sort);
    const std::string_view beyond = descending ? "<" : ">";

    ItemListQuery query{.name = fmt::format("items.list.{}.", filter.sort.view()),
                        .sql = std::string(kSelect)};
    Conditions conditions(query);
    add_filters(conditions, filter);
    if (filter.cursor && by_id) {
        conditions.add('p', fmt::format("id {} {{}}", beyond), filter.cursor->id);
    } else if (filter.cursor) {
        const auto value = conditions.placeholder(filter.cursor->value);
        conditions.add(
            'p',
            fmt::format("({}, id) {} ({}::{}, {{}})", column.name, beyond, value, column.sql_type),
            filter.cursor->id);
    }
    query.sql += order_by(filter);
    if (filter.q) {
        // No index helps a search: it reads until it has found enough, so it asks for no more.
        query.sql += fmt::format(" limit {}", conditions.placeholder(filter.limit + 1));
        return query;
    }
    // A number in the text, not a parameter: not knowing the limit, PostgreSQL estimates the
    // generic plan as too expensive and plans at each execution; with a number it keeps the plan.
    const auto rows = *std::ranges::lower_bound(kPageSizes, filter.limit.value());
    query.name += fmt::format(".{}", rows);
    query.sql += fmt::format(" limit {}", rows + 1);
    return query;
}

ItemListQuery total_query(const ItemFilter& filter) {
    ItemListQuery query{.name = "items.total.", .sql = "select count(*) as total from items"};
    Conditions conditions(query);
    add_filters(conditions, filter);
    return query;
}

}  // namespace app
