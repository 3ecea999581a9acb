#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <services/item_list_query.hpp>

namespace app {
namespace {

// The numbers of items that statements ask for; a page gets the next larger one. Few, since each
// makes a statement of its own.
constexpr std::array kPageSizes{kDefaultPageSize, 50, kMaxPageSize};
static_assert(std::ranges::is_sorted(kPageSizes));

struct Order {
    std::string_view column;
    std::string_view sql_type;
    bool descending;
};

Order order_of(ItemSort sort) {
    auto column = sort.view();
    const bool descending = column.starts_with('-');
    if (descending) column.remove_prefix(1);
    const std::string_view type = column == "name"         ? "text"
                                  : column == "price"      ? "numeric"
                                  : column == "quantity"   ? "integer"
                                  : column == "created_at" ? "timestamptz"
                                                           : "bigint";
    return {column, type, descending};
}

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

void add_filters(Conditions& conditions, const ItemFilter& filter) {
    if (filter.q) {
        // strpos finds the text literally: no pattern characters to escape.
        conditions.add('q',
                       "(strpos(lower(name), lower({0})) > 0 or "
                       "strpos(lower(coalesce(description, '')), lower({0})) > 0)",
                       **filter.q);
    }
    if (filter.category) conditions.add('c', "category = {}", **filter.category);
    if (filter.min_price) conditions.add('m', "price >= {}", **filter.min_price);
    if (filter.max_price) conditions.add('x', "price <= {}", **filter.max_price);
}

}  // namespace

ItemListQuery page_query(const ItemFilter& filter) {
    const auto order = order_of(*filter.sort);
    const std::string_view direction = order.descending ? "desc" : "asc";
    const std::string_view beyond = order.descending ? "<" : ">";

    ItemListQuery query{.name = fmt::format("items.list.{}.", filter.sort->view()),
                        .sql =
                            "select id, name, description, category, price, quantity, "
                            "created_at, updated_at from items"};
    Conditions conditions(query);
    add_filters(conditions, filter);
    if (filter.cursor) {
        const auto id = filter.cursor->id;
        if (order.column == "id") {
            conditions.add('p', fmt::format("id {} {{}}", beyond), id);
        } else {
            const auto value = conditions.placeholder(filter.cursor->value);
            conditions.add('p',
                           fmt::format("({}, id) {} ({}::{}, {{}})", order.column, beyond, value,
                                       order.sql_type),
                           id);
        }
    }
    query.sql += order.column == "id"
                     ? fmt::format(" order by id {}", direction)
                     : fmt::format(" order by {} {}, id {}", order.column, direction, direction);
    if (filter.q) {
        // No index helps a search: it reads until it has found enough, so it asks for no more.
        query.sql += fmt::format(" limit {}", conditions.placeholder(**filter.limit + 1));
        return query;
    }
    // As a number, not as a parameter: with an unknown limit PostgreSQL finds the plan for all
    // parameters so dear that it plans anew at each execution; with a number it keeps the plan.
    const auto rows = *std::ranges::lower_bound(kPageSizes, **filter.limit);
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

ItemCursor cursor_after(const ItemRead& item, ItemSort sort) {
    const auto column = order_of(sort).column;
    std::string value = column == "name"         ? item.name
                        : column == "price"      ? item.price.to_string()
                        : column == "quantity"   ? std::to_string(item.quantity)
                        : column == "created_at" ? base::format_rfc3339(item.created_at)
                                                 : std::string();
    return {sort, std::move(value), item.id};
}

}  // namespace app
