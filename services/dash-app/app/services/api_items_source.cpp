#include <fmt/format.h>
#include <services/api_items_source.hpp>

#include <base/when_all.hpp>
#include <telemetry/log.hpp>
#include <web/get_json.hpp>
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

}  // namespace

ApiItemsSource::ApiItemsSource(web::Client& api, telemetry::Registry& registry)
    : api_(api),
      up_(registry.gauge("dashboard_api_up",
                         "Whether the API answered when the dashboard last asked it.")) {
    up_.set(1);
}

base::Task<std::variant<Stock, ItemsProblem>> ApiItemsSource::read(
    std::optional<Selection> selection) {
    std::variant<Statistics, ItemsProblem> statistics;
    std::optional<std::variant<Listing, ItemsProblem>> listing;
    if (selection) {
        std::tie(statistics, listing) = co_await base::when_all(
            ask<Statistics>(kStatistics), ask<Listing>(listing_target(*selection)));
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
    auto answer = co_await web::get_json<T>(api_, std::move(target));
    if (answer) co_return *std::move(answer);
    const auto& [kind, message] = answer.error();
    if (kind == web::AnswerError::Kind::kUnreadable) {
        telemetry::log::error("the API's answer has an unexpected form", {{"problem", message}});
    } else {
        telemetry::log::debug("the API does not answer", {{"error", message}});
    }
    co_return kind == web::AnswerError::Kind::kAway ? ItemsProblem::kAway
                                                    : ItemsProblem::kUnexpected;
}

void ApiItemsSource::report(bool is_up) {
    up_.set(is_up ? 1 : 0);
    if (was_up_.exchange(is_up) == is_up) return;
    if (is_up) {
        telemetry::log::info("the API answers again");
    } else {
        telemetry::log::warn("the API does not answer; pages show old data");
    }
}

}  // namespace app
