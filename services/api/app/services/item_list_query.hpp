// The SQL of a list of items, put together from the filter that was asked for.
#pragma once

#include <string>

#include <schemas/item_list.hpp>

#include <postgres/params.hpp>

namespace app {

/// A statement with its arguments. There are as many different statements as there are orders and
/// sets of filters, so each is prepared once and planned for exactly its conditions.
struct ItemListQuery {
    std::string name;
    std::string sql;
    postgres::Params params;
};

/// At least one page and one more item, which shows if there is a next page. Omit the items beyond
/// the page.
[[nodiscard]] ItemListQuery page_query(const ItemFilter& filter);

/// The COPY of all selected items, in their order.
[[nodiscard]] ItemListQuery export_query(const ItemSelection& selection);

/// The number of items on all pages together.
[[nodiscard]] ItemListQuery total_query(const ItemFilter& filter);

}  // namespace app
