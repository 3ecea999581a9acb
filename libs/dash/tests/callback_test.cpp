#include <gtest/gtest.h>

#include <dash/callback.hpp>

namespace {

using base::Task;
using boost::json::parse;
using Figure = dash::Output<"graph", "figure">;
using Summary = dash::Output<"summary", "children">;

Task<dash::Update<Figure>> draw(dash::Input<"category", "value", std::string> category,
                                dash::State<"metric", "value", std::string> metric) {
    dash::Update<Figure> update;
    update.set<Figure>({{"title", *category + *metric}});
    co_return update;
}

Task<dash::Update<Figure, Summary>> draw_and_sum(dash::Input<"tick", "n_intervals", int>) {
    co_return dash::Update<Figure, Summary>();
}

TEST(OutputKey, IsPlainForOneOutput) {
    EXPECT_EQ(dash::output_key({{"graph", "figure"}}), "graph.figure");
}

TEST(OutputKey, ListsSeveralOutputs) {
    EXPECT_EQ(dash::output_key({{"graph", "figure"}, {"summary", "children"}}),
              "..graph.figure...summary.children..");
}

TEST(Callback, DescribesItselfFromItsSignature) {
    EXPECT_EQ(dash::make_callback<draw>().describe(), parse(R"({
        "output": "graph.figure",
        "inputs": [{"id": "category", "property": "value"}],
        "state": [{"id": "metric", "property": "value"}],
        "clientside_function": null, "prevent_initial_call": false, "background": null,
        "dynamic_creator": false, "no_output": false, "optional": false, "hidden": false,
        "websocket": false, "persistent": false})"));
}

TEST(Callback, CanSkipItsInitialCall) {
    const auto callback = dash::make_callback<draw_and_sum>({.prevent_initial_call = true});
    const auto entry = callback.describe();
    EXPECT_EQ(entry.at("output"), "..graph.figure...summary.children..");
    EXPECT_EQ(entry.at("prevent_initial_call"), true);
}

TEST(Update, KeepsWhatIsNotSet) {
    dash::Update<Figure, Summary> update;
    update.set<Summary>("12 items");
    EXPECT_FALSE(update.values()[0].has_value());
    EXPECT_EQ(update.values()[1], "12 items");
}

std::optional<dash::Call> parse_call(std::string_view json) {
    return dash::parse_call(std::get<schema::Value>(schema::parse(json)));
}

TEST(ParseCall, ReadsInputsAndState) {
    const auto call = parse_call(R"({
        "output": "a.b", "outputs": {"id": "a", "property": "b"}, "changedPropIds": [],
        "inputs": [{"id": "x", "property": "value", "value": "A"}],
        "state": [{"id": "y", "property": "data"}]})");
    ASSERT_TRUE(call.has_value());
    EXPECT_EQ(call->output, "a.b");
    EXPECT_EQ(call->inputs.at(0).property, (dash::Property{"x", "value"}));
    EXPECT_EQ(call->inputs.at(0).value.text, "A");
    EXPECT_EQ(call->state.at(0).value.kind, schema::Value::Kind::kNull);
}

TEST(ParseCall, TakesAnAbsentListAsEmpty) {
    EXPECT_TRUE(parse_call(R"({"output": "a.b"})").has_value());
}

TEST(ParseCall, RefusesWhatIsNoCall) {
    for (const auto* json :
         {"[]", "{}", R"({"output": 1})", R"({"output": "a.b", "inputs": {}})",
          R"({"output": "a.b", "inputs": [{"id": "x"}]})", R"({"output": "a.b", "inputs": ["x"]})",
          R"({"output": "a.b", "state": [{"id": {"index": 1}, "property": "value"}]})"}) {
        EXPECT_FALSE(parse_call(json).has_value()) << json;
    }
}

}  // namespace
