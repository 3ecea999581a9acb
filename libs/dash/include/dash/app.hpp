// A Dash application: a page and its callbacks, as routes of a web::App.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <dash/callback.hpp>
#include <dash/component.hpp>
#include <dash/suites.hpp>
#include <web/request.hpp>
#include <web/router.hpp>

namespace dash {

struct AppConfig {
    /// The path of the application in browsers, with a slash at both ends. The gateway must not
    /// strip it, because links contain it and routes expect it.
    std::string prefix = "/dash/";
    /// Files for `assets/` below the prefix; empty: none. Style sheets and scripts at its top are
    /// part of the page, in alphabetical order; favicon.svg or favicon.ico is its icon.
    std::filesystem::path assets;
    /// A callback with a longer body is refused with 413.
    std::size_t max_callback_bytes = 256UL * 1024;
    /// Sends the text of a callback's exception to the browser. For development.
    bool debug = false;
};

/// The texts of the HTML document before the front end has started.
struct Document {
    std::string language = "en";
    std::string title = "Dash";
    std::string description;                                ///< for search engines; may be empty
    std::string no_script = "This page needs JavaScript.";  ///< for browsers without it
};

/// Declare everything, then take the router:
///
///     dash::App app({.assets = "assets"}, suites);
///     app.layout(items_page).callback<show_items>();
///     web_app.include(app.router());
///
/// A callback that throws is answered like any handler of web::App: 503 for base::Unavailable, else
/// 500. The text is logged, and shown only with `debug`. The page keeps its content.
class App {
public:
    /// Throws std::invalid_argument for a prefix without a slash at both ends.
    App(AppConfig config, std::shared_ptr<const Suites> suites);

    /// Creates the page for each visit. The request has the visitor's language.
    App& layout(std::function<Component(const web::Request&)> make);

    /// Creates the texts of the HTML document around the page.
    App& document(std::function<Document(const web::Request&)> make);

    /// A coroutine that updates the page; see callback.hpp for its parameters and its result.
    template <auto Handler>
    App& callback(CallbackOptions options = {}) {
        callbacks_.push_back(make_callback<Handler>(options));
        return *this;
    }

    /// A callback that runs in the browser.
    App& clientside(ClientsideFunction function, std::vector<Property> outputs,
                    std::vector<Property> inputs);

    /// The routes: the page for every path below the prefix, except for the protocol's paths.
    /// Throws std::logic_error without a layout or when two callbacks have the same output, and
    /// std::runtime_error when the assets cannot be read.
    [[nodiscard]] web::Router router() const;

private:
    AppConfig config_;
    std::shared_ptr<const Suites> suites_;
    std::function<Component(const web::Request&)> layout_;
    std::function<Document(const web::Request&)> document_;
    std::vector<Callback> callbacks_;
};

}  // namespace dash
