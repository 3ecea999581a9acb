#include "index_page.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include <schema/text.hpp>
#include <web/html.hpp>

namespace dash {
namespace {

// JSON within a script element: escapes "<", which could close the element.
std::string script_json(const boost::json::value& value) {
    std::string json;
    schema::append_json(json, value);
    std::string escaped;
    escaped.reserve(json.size());
    for (const char c : json) {
        if (c == '<') {
            escaped += "\\u003c";
        } else {
            escaped += c;
        }
    }
    return escaped;
}

// Properties of dash-core-components, besides `children`, that can hold components.
boost::json::object children_props() {
    return {{"dash_core_components",
             {{"Checklist", boost::json::array{"options[].label"}},
              {"Clipboard", boost::json::array{"copied_children"}},
              {"Dropdown", boost::json::array{"options[].label"}},
              {"Loading", boost::json::array{"custom_spinner"}},
              {"RadioItems", boost::json::array{"options[].label"}},
              {"Tab", boost::json::array{"label"}}}}};
}

boost::json::object renderer_config(const IndexParts& parts) {
    return {{"url_base_pathname", nullptr},
            {"requests_pathname_prefix", parts.prefix},
            {"ui", false},
            {"props_check", false},
            {"disable_version_check", true},
            {"show_undo_redo", false},
            {"suppress_callback_exceptions", false},
            // The title does not change during callbacks, because a polling page would flicker.
            {"update_title", nullptr},
            {"children_props", children_props()},
            {"serve_locally", true},
            {"dash_version", "4"},
            {"python_version", ""},
            {"dash_version_url", ""},
            {"ddk_version", nullptr},
            {"plotly_version", parts.plotly_version},
            {"plotlyjs_url", parts.prefix + "_dash-component-suites/" + parts.plotly},
            {"validate_callbacks", parts.debug},
            {"csrf_token_name", "_csrf_token"},
            {"csrf_header_name", "X-CSRFToken"},
            {"plotly_cloud_installed", false}};
}

}  // namespace

IndexParts index_parts(const AppConfig& config, const Suites& suites) {
    IndexParts parts{.prefix = config.prefix,
                     .suite_scripts = suites.scripts(),
                     .plotly = suites.plotly(),
                     .plotly_version = suites.plotly_version(),
                     .debug = config.debug};
    if (config.assets.empty()) return parts;

    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(config.assets, error)) {
        const auto name = entry.path().filename().string();
        if (name.ends_with(".css")) parts.style_sheets.push_back(name);
        if (name.ends_with(".js")) parts.asset_scripts.push_back(name);
        // The vector image serves every size.
        if (name == "favicon.svg" || (name == "favicon.ico" && parts.icon.empty())) {
            parts.icon = name;
        }
    }
    if (error) {
        throw std::runtime_error(fmt::format("cannot read the assets in {}: {}",
                                             config.assets.string(), error.message()));
    }
    std::ranges::sort(parts.style_sheets);
    std::ranges::sort(parts.asset_scripts);
    return parts;
}

std::string index_page(const IndexParts& parts, const Document& document) {
    const auto prefix = web::escape_html(parts.prefix);
    std::string head;
    if (!document.description.empty()) {
        head += fmt::format("<meta name=\"description\" content=\"{}\">\n",
                            web::escape_html(document.description));
    }
    if (!parts.icon.empty())
        head += fmt::format("<link rel=\"icon\" href=\"{}_favicon.ico\">\n", prefix);
    for (const auto& sheet : parts.style_sheets) {
        head += fmt::format("<link rel=\"stylesheet\" href=\"{}assets/{}\">\n", prefix,
                            web::escape_html(sheet));
    }
    std::string scripts;
    for (const auto& script : parts.suite_scripts) {
        scripts += fmt::format("<script src=\"{}_dash-component-suites/{}\"></script>\n", prefix,
                               web::escape_html(script));
    }
    for (const auto& script : parts.asset_scripts) {
        scripts += fmt::format("<script src=\"{}assets/{}\"></script>\n", prefix,
                               web::escape_html(script));
    }
    return fmt::format(R"(<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
{head}</head>
<body>
<div id="react-entry-point"><div class="_dash-loading"></div></div>
<noscript>{no_script}</noscript>
<script id="_dash-config" type="application/json">{config}</script>
{scripts}<script id="_dash-renderer">new DashRenderer();</script>
</body>
</html>
)",
                       fmt::arg("language", web::escape_html(document.language)),
                       fmt::arg("title", web::escape_html(document.title)), fmt::arg("head", head),
                       fmt::arg("no_script", web::escape_html(document.no_script)),
                       fmt::arg("config", script_json(renderer_config(parts))),
                       fmt::arg("scripts", scripts));
}

}  // namespace dash
