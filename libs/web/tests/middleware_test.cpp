// Middleware: where it runs, in which order, and what it may change.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <web/middleware.hpp>

#include "notes_app.hpp"

namespace {

using testing::HasSubstr;

// Writes its name into X-Passed, the innermost first.
class Stamp : public web::Middleware {
public:
    explicit Stamp(std::string name) : name_(std::move(name)) {}
    base::Task<web::Response> handle(web::Exchange&, const web::Route&, web::Next next) override {
        auto response = co_await next();
        const auto passed = response.headers.find("X-Passed").value_or("");
        response.headers.set("X-Passed", std::string(passed) + name_);
        co_return response;
    }

private:
    std::string name_;
};

class Bouncer : public web::Middleware {
public:
    base::Task<web::Response> handle(web::Exchange&, const web::Route&, web::Next) override {
        if (failure) std::rethrow_exception(failure);
        co_return web::problem_response({.status = 403, .detail = "Not today."});
    }
    bool applies_to(const web::Route& route) const override {
        return route.method != web::Method::kDelete;
    }
    void document(web::Operation& operation, schema::Components& components) const override {
        operation.add_problem(403, components);
    }
    std::exception_ptr failure;
};

web::Router plain(std::string prefix) {
    web::Router router(std::move(prefix));
    router.raw(web::Method::kGet, "/",
               [](web::Exchange&) { return web::completed(web::text_response(200, "a/b", "")); });
    return router;
}

class Middleware : public notes::NotesTest {};

TEST_F(Middleware, RunsFromTheOutermostRouterInwards) {
    auto inner = plain("/inner").use(std::make_shared<Stamp>("i"));
    auto outer = plain("/outer");
    outer.use(std::make_shared<Stamp>("o")).include(inner).use(std::make_shared<Stamp>("p"));
    app.include(plain("/other")).use(std::make_shared<Stamp>("a")).include(outer);
    EXPECT_EQ(client.get("/outer/inner").header("X-Passed"), "ipoa");
    EXPECT_EQ(client.get("/outer").header("X-Passed"), "poa");
    EXPECT_EQ(client.get("/other").header("X-Passed"), "a");
}

TEST_F(Middleware, AnswersInPlaceOfTheHandlerAndIsCounted) {
    app.use(std::make_shared<Bouncer>());
    EXPECT_EQ(client.post("/notes", {{"text", "a"}}).status, 403);
    EXPECT_TRUE(fake.stored.empty());
    EXPECT_THAT(registry.render(), HasSubstr("route=\"/notes\",status=\"403\"} 1"));
}

TEST_F(Middleware, FailsLikeAHandler) {
    auto bouncer = std::make_shared<Bouncer>();
    bouncer->failure = std::make_exception_ptr(std::runtime_error("secret"));
    app.use(bouncer);
    EXPECT_EQ(client.get("/notes/1").status, 500);
}

TEST_F(Middleware, LeavesAloneTheRoutesThatItDoesNotApplyTo) {
    app.use(std::make_shared<Bouncer>());
    EXPECT_EQ(client.del("/notes/1").status, 204);
    const auto paths = app.openapi().at("paths").as_object();
    const auto& note = paths.at("/notes/{id}").as_object();
    EXPECT_TRUE(note.at("get").at("responses").as_object().contains("403"));
    EXPECT_FALSE(note.at("delete").at("responses").as_object().contains("403"));
}

TEST_F(Middleware, IsNotAskedAboutWhatNoRouteServes) {
    app.use(std::make_shared<Bouncer>());
    EXPECT_EQ(client.get("/nothing").status, 404);
}

TEST_F(Middleware, CannotBeAddedOnceTheApplicationServes) {
    app.start();
    EXPECT_THROW(app.use(std::make_shared<Bouncer>()), std::logic_error);
}

}  // namespace
