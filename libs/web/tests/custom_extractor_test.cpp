// An extractor of one's own: what README.md shows, compiled.
#include <gtest/gtest.h>

#include <web/app.hpp>
#include <web/extract.hpp>
#include <web/test_client.hpp>

namespace shop {

/// Which shop a request is for, from a header that the gateway sets.
struct Tenant {
    std::string name;
};

}  // namespace shop

template <>
struct web::Extract<shop::Tenant> {
    static std::optional<shop::Tenant> from(Exchange& exchange) {
        const auto header = exchange.request().headers.find("X-Tenant");
        if (!header || header->empty() || header->size() > 40) {
            exchange.fail("header", {"/X-Tenant", "tenant", "must name the shop"});
            return std::nullopt;
        }
        return shop::Tenant{std::string(*header)};
    }
    static void document(Operation& operation, schema::Components&) {
        operation.add_parameter("header", "X-Tenant", true, {{"type", "string"}});
    }
};

namespace {

struct Greeting {
    std::string text;
};
BOOST_DESCRIBE_STRUCT(Greeting, (), (text))

base::Task<Greeting> greet(shop::Tenant tenant, web::Path<"name", std::string> name) {
    co_return Greeting{tenant.name + " greets " + name};
}

class CustomExtractor : public testing::Test {
protected:
    CustomExtractor() {
        web::Router inner("/greetings");
        inner.get<"/{name}", greet>("Greet");
        app.include(web::Router("/shop", "shop", "All of the shop.").include(inner));
    }
    web::App app{{.title = "Test", .version = "1"}};
    web::TestClient client{app};
};

TEST_F(CustomExtractor, FillsAParameterAndReportsLikeAnyOther) {
    EXPECT_EQ(client.get("/shop/greetings/Ana", {{"X-Tenant", "north"}}).body,
              R"({"text":"north greets Ana"})");
    EXPECT_EQ(client.get("/shop/greetings/Ana").json().at_pointer("/errors/0/code"), "tenant");
}

TEST_F(CustomExtractor, IsDocumentedInItsGroup) {
    const boost::json::value document = app.openapi();
    const auto& operation = document.at_pointer("/paths/~1shop~1greetings~1{name}/get");
    EXPECT_EQ(operation.at_pointer("/tags/0"), "shop");
    EXPECT_EQ(operation.at_pointer("/parameters/0/$ref"), "#/components/parameters/X-Tenant");
    EXPECT_EQ(document.at_pointer("/components/parameters/X-Tenant/in"), "header");
    EXPECT_EQ(document.at_pointer("/tags/0/description"), "All of the shop.");
}

}  // namespace
