// The items of the API: GET /v1/items/stats, and a page of GET /v1/items for single items.
#pragma once

#include <atomic>

#include <services/items_source.hpp>

#include <telemetry/metrics.hpp>
#include <web/client.hpp>

namespace app {

/// One call to the API for each read, or two at the same time with a selection, so a read takes at
/// most the client's timeout. Reports whether the API answers as the metric dashboard_api_up and
/// logs when that changes.
class ApiItemsSource final : public ItemsSource {
public:
    /// Both outlive the source.
    ApiItemsSource(web::Client& api, telemetry::Registry& registry);

    [[nodiscard]] base::Task<std::variant<Stock, ItemsProblem>> read(
        std::optional<Selection> selection) override;

private:
    template <class T>
    [[nodiscard]] base::Task<std::variant<T, ItemsProblem>> ask(std::string target);
    void report(bool is_up);

    web::Client& api_;
    telemetry::Gauge& up_;
    std::atomic<bool> was_up_{true};
};

}  // namespace app
