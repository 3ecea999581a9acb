#include <algorithm>
#include <iterator>

#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <fmt/format.h>
#include <services/api_items_source.hpp>

#include <telemetry/log.hpp>
#include <web/url.hpp>

namespace app {
namespace {

struct Page {
    std::vector<Item> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(Page, (), (items, next_cursor))

constexpr std::size_t kPageSize = 100;  // the most that the API gives

// Drops the members that T does not have. A server refuses what it does not know; a client must
// not: the API may tell more one day.
template <schema::Described T>
void keep_known_members(schema::Value& object) {
    std::erase_if(object.members, [](const schema::Member& member) {
        bool known = false;
        using Members = boost::describe::describe_members<T, boost::describe::mod_public>;
        boost::mp11::mp_for_each<Members>(
            [&](auto descriptor) { known = known || member.name == descriptor.name; });
        return !known;
    });
}

std::optional<Page> parse_page(const std::string& body) {
    auto parsed = schema::parse(body);
    auto* json = std::get_if<schema::Value>(&parsed);
    if (json == nullptr) return std::nullopt;
    keep_known_members<Page>(*json);
    for (auto& member : json->members) {
        for (auto& item : member.value.items)
            keep_known_members<Item>(item);
    }
    std::vector<schema::Issue> issues;
    auto page = schema::Codec<Page>::decode(*json, schema::Context(issues));
    for (const auto& issue : issues) {
        telemetry::log::error("the API's items are not as expected",
                              {{"pointer", issue.pointer}, {"problem", issue.message}});
    }
    return page;
}

}  // namespace

ApiItemsSource::ApiItemsSource(web::Client& api, telemetry::Registry& registry)
    : api_(api),
      up_(registry.gauge("dashboard_api_up",
                         "Whether the API answered when the dashboard last asked it.")) {
    up_.set(1);
}

base::Task<std::variant<Listing, ItemsProblem>> ApiItemsSource::newest(
    std::optional<std::string> category) {
    auto target = fmt::format("/v1/items?sort=-created_at&limit={}", kPageSize);
    if (category) target += "&category=" + web::percent_encode(*category);
    auto outcome = co_await read_pages(std::move(target));
    report(outcome);
    co_return outcome;
}

base::Task<ApiItemsSource::Outcome> ApiItemsSource::read_pages(std::string first_page) {
    Listing listing;
    auto target = first_page;
    while (listing.items.size() < kMaxListed) {
        auto answer = co_await ask(target);
        if (const auto* problem = std::get_if<ItemsProblem>(&answer)) co_return *problem;
        auto page = parse_page(std::get<web::Response>(answer).content());
        if (!page) co_return ItemsProblem::kUnexpected;
        std::ranges::move(page->items, std::back_inserter(listing.items));
        if (!page->next_cursor || page->items.empty()) co_return listing;
        target = first_page + "&cursor=" + web::percent_encode(*page->next_cursor);
    }
    listing.complete = false;
    co_return listing;
}

base::Task<std::variant<web::Response, ItemsProblem>> ApiItemsSource::ask(std::string target) {
    std::optional<web::Response> response;
    try {
        response = co_await api_.get(std::move(target));
    } catch (const web::ClientError& error) {
        telemetry::log::debug("the API does not answer", {{"error", error.what()}});
    }
    if (!response) co_return ItemsProblem::kAway;
    if (response->status == 200) co_return *std::move(response);
    telemetry::log::debug("the API refuses", {{"status", response->status}});
    // 429 and 5xx: later it may be different.
    const bool temporary = response->status == 429 || response->status >= 500;
    co_return temporary ? ItemsProblem::kAway : ItemsProblem::kUnexpected;
}

void ApiItemsSource::report(const Outcome& outcome) {
    const bool is_up = std::holds_alternative<Listing>(outcome);
    up_.set(is_up ? 1 : 0);
    if (was_up_.exchange(is_up) == is_up) return;
    if (is_up) {
        telemetry::log::info("the API answers again");
    } else {
        telemetry::log::warn("the API is away; pages show what they have");
    }
}

}  // namespace app
