// Server-Sent Events and downloads as typed replies.
#include <algorithm>
#include <deque>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <base/context.hpp>
#include <base/sleep.hpp>
#include <web/server_events.hpp>
#include <web/streamed.hpp>

#include "notes_app.hpp"

namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

TEST(FormatEvent, WritesAFieldForEachLine) {
    EXPECT_EQ(web::format_event({.data = "a", .event = "created", .id = "7"}),
              "id: 7\nevent: created\ndata: a\n\n");
    EXPECT_EQ(web::format_event({.data = "a\nb\r\nc\rd\n"}),
              "data: a\ndata: b\ndata: c\ndata: d\ndata: \n\n");
    EXPECT_EQ(web::format_event({.retry = milliseconds(1500)}), "retry: 1500\n\n");
}

TEST(FormatEvent, RefusesWhatWouldBreakOutOfAField) {
    for (const auto& bad : {std::string("a\nb"), std::string("a\rb"), std::string("a\0b", 3)}) {
        EXPECT_THROW((void)web::format_event({.data = "x", .id = bad}), std::invalid_argument);
        EXPECT_THROW((void)web::format_event({.data = "x", .event = bad}), std::invalid_argument);
    }
}

/// Gives its events; without one it waits to be stopped.
class FakeSource : public web::EventSource {
public:
    explicit FakeSource(std::deque<web::ServerEvent> events) : events_(std::move(events)) {}

    base::Task<std::optional<web::ServerEvent>> next() override {
        do {
            co_await base::sleep_for(milliseconds(1));
        } while (events_.empty() && !stopped_);
        if (stopped_) co_return std::nullopt;
        auto event = std::move(events_.front());
        events_.pop_front();
        if (event.data == "throw") throw std::runtime_error("the source broke");
        // Others have run on this thread meanwhile.
        event.id = base::current_context().valid() ? "traced" : "lost";
        co_return event;
    }
    void stop() noexcept override { stopped_ = true; }

private:
    std::deque<web::ServerEvent> events_;
    bool stopped_ = false;
};

std::deque<web::ServerEvent> next_events;

base::Task<web::EventStream<notes::NoteRead>> note_events(
    web::Header<"Last-Event-ID", std::optional<std::string>> last) {
    auto events = std::exchange(next_events, {});
    if (last) events.push_front({.data = "after " + *last});
    co_return web::EventStream<notes::NoteRead>{std::make_unique<FakeSource>(std::move(events)),
                                                milliseconds(20)};
}

class Lines : public web::BodyStream {
public:
    base::Task<std::optional<std::string>> next() override {
        if (left_ == 0) co_return std::nullopt;
        co_return "line " + std::to_string(left_--) + "\n";
    }
    void stop() noexcept override {}

private:
    int left_ = 3;
};

base::Task<web::Result<web::Streamed<"text/csv">, web::NotFound>> export_notes() {
    co_return web::Streamed<"text/csv">{std::make_shared<Lines>(), "notes.csv"};
}

class Events : public testing::Test {
protected:
    telemetry::Registry registry;
    web::App app{{.title = "Notes API", .version = "1"}};
    web::TestClient client{app};
    Events() {
        telemetry::log::configure({.service = "notes", .sink = [](std::string_view) {}});
        app.include(web::Router("/notes")
                        .get<"/events", note_events>("Watch notes")
                        .get<"/export", export_notes>("Export notes"))
            .observe(registry);
    }
    web::TestClient::Open open(web::Headers headers = {}) {
        return client.open({.target = "/notes/events", .headers = std::move(headers)});
    }
};

TEST_F(Events, AreStreamedInTheRequestsContext) {
    next_events = {{.data = "1"}, {.data = "2", .event = "deleted"}};
    auto stream = open({{"Accept", "text/event-stream"}});
    EXPECT_EQ(stream.reply.header("Content-Type"), "text/event-stream");
    EXPECT_EQ(stream.reply.header("Cache-Control"), "no-store");
    EXPECT_EQ(stream.next(), "id: traced\ndata: 1\n\n");
    EXPECT_EQ(stream.next(), "id: traced\nevent: deleted\ndata: 2\n\n");
    EXPECT_FALSE(base::current_context().valid());
}

TEST_F(Events, HaveAHeartbeatBetweenThem) {
    auto stream = open();
    EXPECT_EQ(stream.next(), ": keep-alive\n\n");
    EXPECT_EQ(stream.next(), ": keep-alive\n\n");
}

TEST_F(Events, EndWhenStopped) {
    auto stream = open();
    (void)stream.next();
    stream.stop();
    EXPECT_EQ(stream.next(), std::nullopt);
}

TEST_F(Events, PassAFailureOn) {
    next_events = {{.data = "throw"}};
    auto stream = open();
    EXPECT_THROW((void)stream.next(), std::runtime_error);
}

TEST_F(Events, LogTheirFailureInTheRequestsTrace) {
    std::vector<boost::json::object> lines;
    telemetry::log::configure({.service = "notes", .sink = [&](std::string_view line) {
                                   lines.push_back(boost::json::parse(line).as_object());
                               }});
    next_events = {{.data = "throw"}};
    auto stream =
        open({{"traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}});
    EXPECT_THROW((void)stream.next(), std::runtime_error);
    telemetry::log::flush();
    telemetry::log::configure({.service = "notes", .sink = [](std::string_view) {}});
    const auto line = std::ranges::find(lines, "response stream failed", [](const auto& each) {
        return each.at("msg").as_string();
    });
    ASSERT_NE(line, lines.end());
    EXPECT_EQ(line->at("error"), "the source broke");
    EXPECT_EQ(line->at("route"), "/notes/events");
    EXPECT_EQ(line->at("trace_id"), "0af7651916cd43dd8448eb211c80319c");
}

TEST_F(Events, ResumeAfterTheLastOneSeen) {
    EXPECT_THAT(*open({{"Last-Event-ID", "41"}}).next(), HasSubstr("data: after 41\n"));
}

TEST_F(Events, AreRefusedToClientsThatDoNotAcceptThem) {
    EXPECT_EQ(client.get("/notes/events", {{"Accept", "application/json"}}).status, 406);
}

TEST_F(Events, AreCountedWhileOpen) {
    {
        const auto stream = open();
        EXPECT_THAT(registry.render(), HasSubstr("http_server_active_streams 1"));
    }
    EXPECT_THAT(registry.render(), HasSubstr("http_server_active_streams 0"));
}

// At the end of a process, whose io_context destroys a stream that nobody finishes.
TEST_F(Events, MayOutliveTheirApplication) {
    std::vector<boost::json::object> lines;
    telemetry::log::configure({.service = "notes", .sink = [&](std::string_view line) {
                                   lines.push_back(boost::json::parse(line).as_object());
                               }});
    std::optional<web::TestClient::Open> stream;
    {
        web::App brief({.title = "Notes API", .version = "1"});
        brief.include(web::Router("/notes").get<"/events", note_events>("Watch notes"));
        stream.emplace(web::TestClient(brief).open({.target = "/notes/events"}));
    }
    stream.reset();
    telemetry::log::flush();
    telemetry::log::configure({.service = "notes", .sink = [](std::string_view) {}});
    ASSERT_FALSE(lines.empty());
    EXPECT_EQ(lines.back().at("msg"), "stream ended");
    EXPECT_EQ(lines.back().at("route"), "/notes/events");
}

TEST_F(Events, AreDocumentedWithTheSchemaOfTheirData) {
    const auto document = app.openapi();
    const auto& content = document.at("paths")
                              .at("/notes/events")
                              .at("get")
                              .at("responses")
                              .at("200")
                              .at("content")
                              .at("text/event-stream");
    EXPECT_EQ(content.at_pointer("/schema/items/properties/data/contentSchema/$ref"),
              "#/components/schemas/NoteRead");
}

TEST_F(Events, DownloadsAreStreamedToo) {
    const auto reply = client.get("/notes/export", {{"Accept", "text/csv"}});
    EXPECT_EQ(reply.body, "line 3\nline 2\nline 1\n");
    EXPECT_EQ(reply.header("Content-Disposition"), "attachment; filename=\"notes.csv\"");
    EXPECT_TRUE(app.openapi()
                    .at("paths")
                    .at("/notes/export")
                    .at("get")
                    .at("responses")
                    .at("200")
                    .at("content")
                    .as_object()
                    .contains("text/csv"));
}

}  // namespace
