// The application: routes and the objects they depend on, answering requests.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <base/task.hpp>
#include <web/dependencies.hpp>
#include <web/handler.hpp>
#include <web/router.hpp>

namespace telemetry {
class Registry;
}

namespace web {

struct AppConfig {
    std::string title;
    std::string version;
    std::string description;
    /// A path prefix under which the application is reachable besides "/": a request that arrives
    /// with it is served as if it came without, and links carry it. "" for none.
    std::string root_path = "/api";
    /// Origins that browsers may call from (CORS); "*" for any. Empty: none but the own origin.
    std::vector<std::string> cors_origins;
    /// Every answer carries X-Request-ID, and the access log has it: the client's own if that is
    /// 1 to 128 letters, digits and "-_.:", else the trace id.
    bool request_ids = false;
    /// Proxies whose X-Forwarded-For gives the access log the client's address, see TrustedProxies.
    /// start() throws base::ConfigError for an entry that is not a network.
    std::vector<std::string> trusted_proxies;
};

/// Declare everything first, then serve: the first request (or start()) freezes the application,
/// and what declares throws std::logic_error from then on.
///
/// For each request it reads or makes the trace context, routes, runs the handler, and writes the
/// access log and the metrics. A base::Unavailable from a handler is answered with 503, any other
/// exception with 500 and logged: neither shows what() to the client. The 503 has a Retry-After,
/// unless the method is not safe and the outcome unknown.
class App : public Handler {
public:
    explicit App(AppConfig config);
    ~App() override;
    App(const App&) = delete;
    App& operator=(const App&) = delete;

    App& include(const Router& router);

    /// Surrounds every endpoint, those included before as well as those after. The first one is
    /// the outermost.
    App& use(std::shared_ptr<Middleware> middleware);

    /// Gives the object to every Dep<T>; it outlives the application.
    template <class T>
    App& provide(T& object) {
        require_not_started();
        dependencies_.provide(object);
        return *this;
    }

    /// Counts and times requests there: http_server_requests_total,
    /// http_server_request_duration_seconds, http_server_active_requests.
    App& observe(telemetry::Registry& registry);

    /// GET /openapi.json, and with a directory that holds npm's swagger-ui-dist also GET /docs.
    /// Throws std::runtime_error when the directory is not that.
    App& document(const std::string& swagger_ui_directory = "");

    /// Builds the route table and checks it: throws std::logic_error when a Dep<T> was never
    /// provided or two routes collide.
    void start();

    [[nodiscard]] base::Task<Response> handle(Request request) override;
    [[nodiscard]] std::optional<std::size_t> max_body_bytes(const Request& request) override;
    [[nodiscard]] Response refuse(int status, std::string_view detail) override;

    /// The OpenAPI 3.1 document, derived from the routes' types. `server` is the base of its paths.
    [[nodiscard]] boost::json::object openapi(std::string_view server = "/") const;

private:
    struct State;
    void freeze();
    void require_not_started() const;

    AppConfig config_;
    Dependencies dependencies_;
    Router router_;
    std::once_flag started_;
    std::unique_ptr<State> state_;
};

}  // namespace web
