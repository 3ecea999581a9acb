#include <callbacks/translate_page.hpp>
#include <i18n/texts.hpp>
#include <layouts/items_page.hpp>

namespace app {

base::Task<Translation> translate_page(dash::Input<"language", "value", Language> language) {
    const auto& text = texts(*language);
    Translation translation;
    translation.set<PageTitle>(text.title)
        .set<Subtitle>(text.subtitle)
        .set<PortalLink>(text.portal_link)
        .set<LanguageLabel>(text.language)
        .set<CategoryLabel>(text.category)
        .set<CategoryPlaceholder>(text.all_categories)
        .set<CategoryTexts>(category_texts(*language))
        .set<ChartLabel>(text.chart)
        .set<ChartOptions>(dash::dcc::to_json(chart_options(*language)))
        .set<Disconnected>(text.disconnected)
        .set<PageTexts>({{"language", (*language).view()}, {"title", text.document_title}});
    co_return translation;
}

}  // namespace app
