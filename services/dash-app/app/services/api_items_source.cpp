#include <algorithm>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <fmt/format.h>
#include <services/api_items_source.hpp>

#include <base/context.hpp>
#include <schema/list.hpp>
#include <telemetry/log.hpp>
#include <web/url.hpp>

namespace app {
namespace {

constexpr auto kStatistics = "/v1/items/stats";

std::string_view sort_of(Order order) {
    if (order == Order::kMostUnits) return "-quantity";
    return order == Order::kDearest ? "-price" : "-created_at";
}

std::string listing_target(const Selection& selection) {
    return fmt::format("/v1/items?category={}&sort={}&limit={}&include_total=true",
                       web::percent_encode(selection.category), sort_of(selection.order),
                       kMaxListed);
}

// Drops the members that T, and what T consists of, does not have. A server refuses what it does
// not know; a client must not: the API may tell more one day.
template <class T>
void keep_known_members(schema::Value& value) {
    if constexpr (schema::List<T>) {
        for (auto& item : value.items)
            keep_known_members<typename T::value_type>(item);
    } else if constexpr (schema::Described<T>) {
        std::erase_if(value.members, [](schema::Member& member) {
            bool known = false;
            using Members = boost::describe::describe_members<T, boost::describe::mod_public>;
            boost::mp11::mp_for_each<Members>([&](auto descriptor) {
                if (member.name != descriptor.name) return;
                known = true;
                using Type = std::remove_cvref_t<decltype(std::declval<T>().*descriptor.pointer)>;
                keep_known_members<Type>(member.value);
            });
            return !known;
        });
    }
}

template <class T>
std::optional<T> parse_answer(std::string_view body) {
    auto parsed = schema::parse(body);
    auto* json = std::get_if<schema::Value>(&parsed);
    if (json == nullptr) return std::nullopt;
    keep_known_members<T>(*json);
    std::vector<schema::Issue> issues;
    auto answer = schema::Codec<T>::decode(*json, schema::Context(issues));
    for (const auto& issue : issues) {
        telemetry::log::error("the API's answer is not as expected",
                              {{"pointer", issue.pointer}, {"problem", issue.message}});
    }
    return answer;
}

}  // namespace

ApiItemsSource::ApiItemsSource(web::Client& api, telemetry::Registry& registry)
    : api_(api),
      up_(registry.gauge("dashboard_api_up",
                         "Whether the API answered when the dashboard last asked it.")) {
    up_.set(1);
}

base::Task<std::variant<Stock, ItemsProblem>> ApiItemsSource::read(
    std::optional<Selection> selection) {
    using boost::asio::experimental::awaitable_operators::operator&&;
    const base::ContextKeeper keeper;

    std::variant<Statistics, ItemsProblem> statistics;
    std::optional<std::variant<Listing, ItemsProblem>> listing;
    if (selection) {
        std::tie(statistics, listing) =
            co_await (ask<Statistics>(kStatistics) && ask<Listing>(listing_target(*selection)));
        keeper.restore();
    } else {
        statistics = co_await ask<Statistics>(kStatistics);
    }

    const auto* problem = std::get_if<ItemsProblem>(&statistics);
    if (problem == nullptr && listing) problem = std::get_if<ItemsProblem>(&*listing);
    report(problem == nullptr);
    if (problem != nullptr) co_return *problem;

    Stock stock{.statistics = std::get<Statistics>(std::move(statistics)), .listing = {}};
    if (listing) stock.listing = std::get<Listing>(*std::move(listing));
    co_return stock;
}

template <class T>
base::Task<std::variant<T, ItemsProblem>> ApiItemsSource::ask(std::string target) {
    std::optional<web::Response> response;
    try {
        response = co_await api_.get(std::move(target));
    } catch (const web::ClientError& error) {
        telemetry::log::debug("the API does not answer", {{"error", error.what()}});
    }
    if (!response) co_return ItemsProblem::kAway;
    if (response->status != 200) {
        telemetry::log::debug("the API refuses", {{"status", response->status}});
        // 429 and 5xx: a later attempt may succeed.
        const bool temporary = response->status == 429 || response->status >= 500;
        co_return temporary ? ItemsProblem::kAway : ItemsProblem::kUnexpected;
    }
    auto answer = parse_answer<T>(response->content());
    if (!answer) co_return ItemsProblem::kUnexpected;
    co_return *std::move(answer);
}

void ApiItemsSource::report(bool is_up) {
    up_.set(is_up ? 1 : 0);
    if (was_up_.exchange(is_up) == is_up) return;
    if (is_up) {
        telemetry::log::info("the API answers again");
    } else {
        telemetry::log::warn("the API is away; pages show what they have");
    }
}

}  // namespace app
