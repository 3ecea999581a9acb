#include <map>
#include <stdexcept>

#include <fmt/format.h>

#include <base/time.hpp>
#include <dash/app.hpp>
#include <schema/schema.hpp>
#include <telemetry/log.hpp>
#include <web/content.hpp>
#include <web/problem.hpp>
#include <web/static_files.hpp>

#include "index_page.hpp"

namespace dash {
namespace {

using web::Exchange;
using web::Method;
using web::Response;

using Callbacks = std::map<std::string, Callback, std::less<>>;

// Depends on the visitor: created for each request and never cached.
Response uncached(Response response) {
    response.headers.set("Cache-Control", "no-store");
    return response;
}

Response json_response(const boost::json::value& value) {
    std::string json;
    schema::append_json(json, value);
    return uncached(web::text_response(200, "application/json", std::move(json)));
}

Response refuse(const Exchange& exchange, int status, std::string detail) {
    return web::problem_response({.status = status, .detail = std::move(detail)},
                                 exchange.public_path());
}

// "/dash" -> "/dash/": relative links of the page need the slash.
Response redirect_to_slash(const std::string& prefix, const Exchange& exchange) {
    Response response;
    response.status = 307;
    const auto query = exchange.request().query();
    response.headers.set("Location", query.empty() ? prefix : fmt::format("{}?{}", prefix, query));
    return response;
}

// Each output may have one callback only: two that write the same property would race.
Callbacks index_callbacks(const std::vector<Callback>& list) {
    Callbacks callbacks;
    std::map<std::string, int> outputs;
    for (const auto& callback : list) {
        for (const auto& output : callback.outputs) {
            const auto key = output_key({output});
            if (++outputs[key] > 1) throw std::logic_error("two callbacks update " + key);
        }
        callbacks.emplace(output_key(callback.outputs), callback);
    }
    return callbacks;
}

// Runs the callback and puts the exception's text into the answer.
base::Task<Response> run_debugging(const Callback& callback, const Call& call, Exchange& exchange) {
    std::string message;
    try {
        co_return co_await callback.invoke(call, exchange);
    } catch (const std::exception& error) {
        message = error.what();
    }
    telemetry::log::error("callback failed", {{"output", call.output}, {"error", message}});
    co_return refuse(exchange, 500, std::move(message));
}

base::Task<Response> update_component(const Callbacks& callbacks, const AppConfig& config,
                                      Exchange& exchange) {
    const auto& request = exchange.request();
    // Also blocks other sites: a browser sends a preflight request before it sends JSON across
    // origins.
    if (!web::iequals(web::media_type(request.headers.find("Content-Type").value_or("")),
                      "application/json")) {
        co_return refuse(exchange, 415, "A callback's arguments are application/json.");
    }
    if (request.body.size() > config.max_callback_bytes) {
        co_return refuse(
            exchange, 413,
            fmt::format("A callback's arguments are at most {} bytes.", config.max_callback_bytes));
    }
    const auto body = schema::parse(request.body);
    if (const auto* error = std::get_if<schema::SyntaxError>(&body)) {
        co_return refuse(exchange, 400,
                         fmt::format("The body cannot be read as JSON: {} at line {}, column {}.",
                                     error->message, error->line, error->column));
    }
    const auto call = parse_call(std::get<schema::Value>(body));
    if (!call) co_return refuse(exchange, 400, "The body is not the call of a callback.");
    const auto found = callbacks.find(call->output);
    if (found == callbacks.end() || !found->second.invoke) {
        co_return refuse(exchange, 404, "No callback has this output. Reload the page.");
    }
    if (config.debug) co_return co_await run_debugging(found->second, *call, exchange);
    co_return co_await found->second.invoke(*call, exchange);
}

boost::json::array describe(const std::vector<Callback>& callbacks) {
    boost::json::array list;
    for (const auto& callback : callbacks)
        list.push_back(callback.describe());
    return list;
}

// Changes with every start, which may bring new code.
boost::json::object reload_hash() {
    const auto now =
        std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
    return {{"reloadHash", fmt::format("{:x}", now.time_since_epoch().count())},
            {"hard", false},
            {"packages", boost::json::array{"dash"}},
            {"files", boost::json::array{}}};
}

}  // namespace

App::App(AppConfig config, std::shared_ptr<const Suites> suites)
    : config_(std::move(config)),
      suites_(std::move(suites)),
      document_([](const web::Request&) { return Document(); }) {
    if (!config_.prefix.starts_with('/') || !config_.prefix.ends_with('/')) {
        throw std::invalid_argument("the prefix of a Dash application starts and ends with a /");
    }
}

App& App::layout(std::function<Component(const web::Request&)> make) {
    layout_ = std::move(make);
    return *this;
}

App& App::document(std::function<Document(const web::Request&)> make) {
    document_ = std::move(make);
    return *this;
}

App& App::clientside(ClientsideFunction function, std::vector<Property> outputs,
                     std::vector<Property> inputs) {
    callbacks_.push_back({.outputs = std::move(outputs),
                          .inputs = std::move(inputs),
                          .clientside = std::move(function)});
    return *this;
}

web::Router App::router() const {
    if (!layout_) throw std::logic_error("a Dash application needs a layout");
    const auto callbacks = std::make_shared<const Callbacks>(index_callbacks(callbacks_));
    const auto parts = std::make_shared<const IndexParts>(index_parts(config_, *suites_));
    std::vector<std::type_index> dependencies;
    for (const auto& callback : callbacks_) {
        dependencies.insert(dependencies.end(), callback.dependencies.begin(),
                            callback.dependencies.end());
    }

    const auto base = config_.prefix.substr(0, config_.prefix.size() - 1);
    web::Router router(base, "dash");
    router.raw(Method::kGet, "/_dash-layout", [make = layout_](Exchange& exchange) {
        return web::completed(json_response(to_json(make(exchange.request()))));
    });
    router.raw(Method::kGet, "/_dash-dependencies", [list = describe(callbacks_)](Exchange&) {
        return web::completed(json_response(list));
    });
    router.raw(
        Method::kPost, "/_dash-update-component",
        [callbacks, config = config_](Exchange& exchange) {
            return update_component(*callbacks, config, exchange);
        },
        std::move(dependencies));
    router.raw(Method::kGet, "/_reload-hash",
               [hash = reload_hash()](Exchange&) { return web::completed(json_response(hash)); });
    router.raw(Method::kGet, "/_dash-component-suites/{*path}",
               [suites = suites_](Exchange& exchange) {
                   return web::completed(suites->serve(exchange.path_parameter("path"), exchange));
               });
    router.raw(Method::kGet, "/_favicon.ico", [parts](Exchange& exchange) {
        if (parts->icon.empty()) {
            return web::completed(refuse(exchange, 404, "This application has no icon."));
        }
        Response response;
        response.status = 307;
        response.headers.set("Location", parts->prefix + "assets/" + parts->icon);
        return web::completed(std::move(response));
    });
    router.raw(Method::kGet, "/{*path}", [parts, document = document_](Exchange& exchange) {
        auto page = index_page(*parts, document(exchange.request()));
        return web::completed(
            uncached(web::text_response(200, "text/html; charset=utf-8", std::move(page))));
    });
    if (!base.empty()) {
        router.raw(Method::kGet, "/", [prefix = config_.prefix](Exchange& exchange) {
            return web::completed(redirect_to_slash(prefix, exchange));
        });
    }
    if (!config_.assets.empty()) {
        router.include(web::static_files("/assets", {.directory = config_.assets}));
    }
    return router;
}

}  // namespace dash
