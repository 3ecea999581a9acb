#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <base/context.hpp>
#include <base/errors.hpp>
#include <telemetry/log.hpp>
#include <telemetry/trace.hpp>
#include <web/app.hpp>
#include <web/content.hpp>

#include "cors.hpp"
#include "docs.hpp"
#include "observation.hpp"
#include "openapi.hpp"
#include "request_stream.hpp"
#include "route_table.hpp"

namespace web {

struct App::State {
    State(const AppConfig& config, telemetry::Registry* registry, std::vector<Route> declared)
        : routes(std::move(declared)),
          table(routes),
          observation(registry, routes, TrustedProxies(config.trusted_proxies)),
          cors(config.cors_origins) {}

    const std::vector<Route> routes;  // the others refer to it
    RouteTable table;
    Observation observation;
    Cors cors;
};

namespace {

std::string allow_header(const std::vector<Method>& methods) {
    std::vector<std::string_view> names;
    for (const auto method : methods)
        names.push_back(to_string(method));
    names.push_back("OPTIONS");
    return fmt::format("{}", fmt::join(names, ", "));
}

// The caller's place in the trace; not valid: the trace begins here.
base::TraceContext parent_of(const Request& request) {
    const auto header = request.headers.find("traceparent");
    if (!header) return {};
    return telemetry::trace::parse_traceparent(*header).value_or(base::TraceContext());
}

// The prefix that the gateway stripped, if it is a plain path: it goes into links.
std::string forwarded_prefix(const Request& request) {
    const auto header = request.headers.find("X-Forwarded-Prefix").value_or("");
    const bool path = header.starts_with('/') && !header.starts_with("//") &&
                      header.size() <= 128 && std::ranges::all_of(header, [](char c) {
                          return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                 (c >= '0' && c <= '9') || c == '/' || c == '-' || c == '_';
                      });
    if (!path) return "";
    return std::string(header.ends_with('/') ? header.substr(0, header.size() - 1) : header);
}

// The value of X-Request-ID: the client's own id of the request, if it is well-formed.
std::string request_id_of(const Request& request, const base::TraceContext& context) {
    const auto header = request.headers.find("X-Request-ID").value_or("");
    const bool well_formed =
        !header.empty() && header.size() <= 128 && std::ranges::all_of(header, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                   c == '-' || c == '_' || c == '.' || c == ':';
        });
    return well_formed ? std::string(header) : telemetry::trace::hex(context.trace_id);
}

// Takes the prefix off a path that arrived with it; true if there was one.
bool strip_prefix(std::string_view& path, const std::string& prefix) {
    if (prefix.empty() || !path.starts_with(prefix)) return false;
    const auto rest = path.substr(prefix.size());
    if (!rest.empty() && !rest.starts_with('/')) return false;
    path = rest.empty() ? "/" : rest;
    return true;
}

// The answer to an exception out of a handler. Called within its catch clause.
ProblemDetails problem_of_exception(const Route& route) {
    try {
        throw;
    } catch (const base::Unavailable& error) {
        telemetry::log::warn("dependency unavailable",
                             {{"route", route.path}, {"error", error.what()}});
        if (error.outcome() == base::Outcome::kUnknown && !is_safe(route.method)) {
            // Retry-After would invite clients and proxies to do something twice.
            return {.status = 503,
                    .detail =
                        "A part that this service depends on failed during this request, "
                        "which may have been carried out. Look before you repeat it."};
        }
        return {.status = 503,
                .detail = "A part that this service depends on is unavailable. Try again shortly.",
                .headers = {{"Retry-After", std::to_string(error.retry_after().count())}}};
    } catch (const base::Conflict&) {
        return {.status = 409, .detail = "This contradicts what is stored already."};
    } catch (const std::exception& error) {
        telemetry::log::error("unhandled exception",
                              {{"route", route.path}, {"error", error.what()}});
    } catch (...) {
        telemetry::log::error("unhandled exception of unknown type", {{"route", route.path}});
    }
    return {
        .status = 500,
        .detail = "The service failed to answer this request. The trace id names it in the log."};
}

bool accepts_answer(const Request& request, const Route& route) {
    const auto header = request.headers.joined("Accept");
    return !header || accepts(*header, route.media_type);
}

// The answer when no route serves the request.
Response answer_unrouted(const Exchange& exchange, const RouteTable::Match& match) {
    const auto& request = exchange.request();
    if (match.malformed) {
        return problem_response(
            {.status = 400,
             .detail = "The path has a \"%\" that is not followed by two hex digits."},
            exchange.public_path());
    }
    // RFC 9110, 9.3.7: about the server as a whole, like a ping; it has no path to find.
    if (request.method == Method::kOptions && request.target == "*") {
        return {.status = 204};
    }
    if (match.allowed.empty()) {
        return problem_response({.status = 404, .detail = "There is nothing at this path."},
                                exchange.public_path());
    }
    if (request.method == Method::kOptions) {
        Response response;
        response.status = 204;
        response.headers.set("Allow", allow_header(match.allowed));
        return response;
    }
    return problem_response({.status = 405,
                             .detail = fmt::format("This resource does not serve {}; see Allow.",
                                                   to_string(request.method)),
                             .headers = {{"Allow", allow_header(match.allowed)}}},
                            exchange.public_path());
}

base::Task<Response> run(const Route& route, Exchange& exchange) {
    std::optional<ProblemDetails> problem;
    try {
        co_return co_await Next(route.middleware, exchange, route)();
    } catch (...) {
        problem = problem_of_exception(route);
    }
    co_return problem_response(*problem, exchange.public_path());
}

}  // namespace

App::App(AppConfig config) : config_(std::move(config)) {}
App::~App() = default;

void App::require_not_started() const {
    if (state_) throw std::logic_error("the application is started; declare everything before");
}

App& App::include(const Router& router) {
    require_not_started();
    router_.include(router);
    return *this;
}

App& App::use(std::shared_ptr<Middleware> middleware) {
    require_not_started();
    router_.use(std::move(middleware));
    return *this;
}

App& App::observe(telemetry::Registry& registry) {
    require_not_started();
    dependencies_.provide(registry);
    return *this;
}

App& App::document(const std::string& swagger_ui_directory) {
    require_not_started();
    router_.raw(Method::kGet, "/openapi.json", [this](Exchange& exchange) {
        std::string json;
        const auto& prefix = exchange.link_prefix();
        schema::append_json(json, openapi(prefix.empty() ? "/" : prefix));
        return completed(text_response(200, "application/json", std::move(json)));
    });
    if (!swagger_ui_directory.empty()) router_.include(docs_router(config_, swagger_ui_directory));
    return *this;
}

void App::start() {
    std::call_once(started_, [this] { freeze(); });
}

void App::freeze() {
    auto routes = router_.routes();
    for (auto& route : routes) {
        for (const auto type : route.dependencies) {
            if (!dependencies_.has(type)) {
                throw std::logic_error(fmt::format("{} {} depends on {}, which was not provided",
                                                   to_string(route.method), route.path,
                                                   type.name()));
            }
        }
        std::erase_if(route.middleware,
                      [&route](const auto& middleware) { return !middleware->applies_to(route); });
        for (const auto& middleware : route.middleware) {
            if (const auto limit = middleware->max_body_bytes()) route.max_body_bytes = limit;
        }
    }
    state_ = std::make_unique<State>(config_, dependencies_.find<telemetry::Registry>(),
                                     std::move(routes));
}

boost::json::object App::openapi(std::string_view server) const {
    return openapi_document(config_, router_.routes(), server);
}

std::optional<std::size_t> App::max_body_bytes(const Request& request) {
    start();
    auto path = request.path();
    static_cast<void>(strip_prefix(path, config_.root_path));
    const auto match = state_->table.find(request.method, path);
    return match.route == nullptr ? std::nullopt : match.route->max_body_bytes;
}

Response App::refuse(int status, std::string_view detail) {
    start();
    const base::ContextScope scope(telemetry::trace::new_trace());
    auto response = problem_response({.status = status, .detail = std::string(detail)});
    state_->observation.refused(response, detail);
    return response;
}

base::Task<Response> App::handle(Request request) {
    start();
    const auto start = Observation::Clock::now();
    const auto parent = parent_of(request);
    const auto context = telemetry::trace::child_of(parent);
    const base::ContextScope scope(context);
    state_->observation.started();

    auto path = request.path();
    const bool stripped = strip_prefix(path, config_.root_path);
    auto prefix = forwarded_prefix(request);
    if (prefix.empty() && stripped) prefix = config_.root_path;
    Exchange exchange(request, dependencies_, std::move(prefix));
    exchange.set_path(path);

    Response response;
    auto match = state_->table.find(request.method, path);
    if (match.route != nullptr && !match.malformed) {
        for (auto& [name, value] : match.parameters) {
            exchange.add_path_parameter(name, std::move(value));
        }
        if (match.route->document && !accepts_answer(request, *match.route)) {
            response = problem_response(
                {.status = 406,
                 .detail = fmt::format("This resource is {} only.", match.route->media_type)},
                exchange.public_path());
        } else {
            response = co_await run(*match.route, exchange);
        }
    } else {
        response = answer_unrouted(exchange, match);
    }
    if (Cors::is_preflight(request)) {
        state_->cors.apply_preflight(request, allow_header(match.allowed), response);
    }
    state_->cors.apply(request, response);
    if (response.stream) {
        response.stream = std::make_shared<RequestStream>(
            std::move(response.stream), match.route->path, state_->observation.active_streams());
    }
    if (config_.request_ids) {
        response.headers.set("X-Request-ID", request_id_of(request, context));
    }
    state_->observation.finished(request, match.route, response, start, parent);
    co_return response;
}

}  // namespace web
