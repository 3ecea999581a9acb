// The HTML document in which the front end starts.
#pragma once

#include <string>
#include <vector>

#include <dash/app.hpp>

namespace dash {

/// The parts of the document that are the same for every visitor.
struct IndexParts {
    std::string prefix;                     ///< "/dash/"
    std::vector<std::string> style_sheets;  ///< names below assets/
    std::vector<std::string> asset_scripts;
    std::string icon;                        ///< a name below assets/, or ""
    std::vector<std::string> suite_scripts;  ///< below _dash-component-suites/
    std::string plotly;
    std::string plotly_version;
    bool debug = false;
};

/// Finds the assets. Throws std::runtime_error when the directory cannot be read.
[[nodiscard]] IndexParts index_parts(const AppConfig& config, const Suites& suites);

[[nodiscard]] std::string index_page(const IndexParts& parts, const Document& document);

}  // namespace dash
