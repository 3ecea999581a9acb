#include <components/items_figure.hpp>
#include <i18n/texts.hpp>
#include <layouts/items_page.hpp>

#include <dash/html.hpp>

namespace app {
namespace {

namespace dcc = dash::dcc;
namespace html = dash::html;
using dash::Children;
using dash::Component;

std::string text_of(std::string_view text) {
    return std::string(text);
}

// A group of radio buttons needs its own label (WAI-ARIA's radiogroup).
Component radio_group(const std::string& label_id, std::string_view label, Component buttons) {
    return html::div(
        {.class_name = "field", .more = {{"role", "radiogroup"}, {"aria-labelledby", label_id}}},
        {html::span({.id = label_id, .class_name = "label"}, {text_of(label)}),
         std::move(buttons)});
}

// The component labels its button by the elements "<id>-value-count" and "<id>-value". It creates
// the first one only if several values are selected, so our label uses that id.
Component category_field(Language language) {
    const auto& text = texts(language);
    return html::div({.class_name = "field grows"},
                     {html::label({.id = "category-value-count",
                                   .class_name = "label",
                                   .more = {{"htmlFor", "category"}}},
                                  {text_of(text.category)}),
                      dcc::dropdown({.id = "category",
                                     .placeholder = text_of(text.all_categories),
                                     .labels = category_texts(language)})});
}

Component page_header(Language language) {
    const auto& text = texts(language);
    return html::header(
        {.class_name = "page-header"},
        {html::div({}, {html::h1({.id = "page-title"}, {text_of(text.title)}),
                        html::p({.id = "page-subtitle", .class_name = "muted"},
                                {text_of(text.subtitle)})}),
         html::div(
             {.class_name = "page-tools"},
             {html::a({.id = "portal-link", .more = {{"href", "/"}}}, {text_of(text.portal_link)}),
              radio_group("language-label", text.language,
                          dcc::radio_items({.id = "language",
                                            .options = {{"English", "en"}, {"Español", "es"}},
                                            .value = text_of(language.view()),
                                            .class_name = "segments",
                                            .remember = true}))})});
}

Component controls(Language language) {
    return html::div(
        {.class_name = "controls"},
        {category_field(language), radio_group("chart-label", texts(language).chart,
                                               dcc::radio_items({.id = "chart",
                                                                 .options = chart_options(language),
                                                                 .value = text_of(kQuantity.view()),
                                                                 .class_name = "segments"}))});
}

Component chart_card() {
    return html::section(
        {.class_name = "card", .more = {{"aria-labelledby", "chart-title"}}},
        {html::h2({.id = "chart-title"}),
         dcc::graph({.id = "items-graph",
                     .class_name = "items-graph",
                     // plotly.js' tool bar is in English only, and bars need no zoom.
                     .config = {{"displayModeBar", false}}}),
         html::p({.id = "summary", .class_name = "muted", .more = {{"role", "status"}}})});
}

}  // namespace

std::vector<dcc::Option> chart_options(Language language) {
    const auto& text = texts(language);
    return {{text_of(text.chart_quantity), text_of(kQuantity.view())},
            {text_of(text.chart_value), text_of(kValue.view())},
            {text_of(text.chart_price), text_of(kPrice.view())}};
}

boost::json::object category_texts(Language language) {
    const auto& text = texts(language);
    return {{"search", text.search},
            {"clear_search", text.clear_search},
            {"clear_selection", text.clear_category},
            {"no_options_found", text.no_categories}};
}

Component items_page(Language language) {
    return html::div(
        {.id = "page", .class_name = "page", .more = {{"lang", language.view()}}},
        {page_header(language),
         html::main({},
                    {html::p({.id = "disconnected",
                              .class_name = "notice",
                              .more = {{"role", "alert"}, {"hidden", true}}},
                             {text_of(texts(language).disconnected)}),
                     html::p({.id = "notice", .class_name = "notice", .more = {{"role", "alert"}}}),
                     controls(language), chart_card()}),
         dcc::interval("poll", kPollPeriod), dcc::store("shown"), dcc::store("page-texts")});
}

}  // namespace app
