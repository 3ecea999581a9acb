// The items as the API lists them (GET /v1/items, page by page).
#pragma once

#include <atomic>

#include <services/items_source.hpp>

#include <telemetry/metrics.hpp>
#include <web/client.hpp>

namespace app {

/// Reports whether the API answers as the metric dashboard_api_up and logs when that changes.
class ApiItemsSource final : public ItemsSource {
public:
    /// Both outlive the source.
    ApiItemsSource(web::Client& api, telemetry::Registry& registry);

    [[nodiscard]] base::Task<std::variant<Listing, ItemsProblem>> newest(
        std::optional<std::string> category) override;

private:
    using Outcome = std::variant<Listing, ItemsProblem>;
    [[nodiscard]] base::Task<Outcome> read_pages(std::string first_page);
    [[nodiscard]] base::Task<std::variant<web::Response, ItemsProblem>> ask(std::string target);
    void report(const Outcome& outcome);

    web::Client& api_;
    telemetry::Gauge& up_;
    std::atomic<bool> was_up_{true};
};

}  // namespace app
