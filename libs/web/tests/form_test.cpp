// Forms with files as parameters.
#include <gtest/gtest.h>

#include <web/app.hpp>
#include <web/form.hpp>
#include <web/test_client.hpp>

namespace {

using Photo = schema::Constrained<web::UploadedFile, web::max_bytes(8)>;

struct Upload {
    schema::Constrained<std::string, schema::min_length(1)> title;
    Photo photo;
    schema::Constrained<std::vector<web::UploadedFile>, schema::max_items(2)> more;
    std::optional<std::int32_t> stars;
};
BOOST_DESCRIBE_STRUCT(Upload, (), (title, photo, more, stars))

struct Received {
    std::string title;
    std::string filename;
    std::string content_type;
    std::int64_t bytes;
    std::int64_t more;
    std::optional<std::int32_t> stars;
};
BOOST_DESCRIBE_STRUCT(Received, (), (title, filename, content_type, bytes, more, stars))

base::Task<Received> receive(web::Form<Upload> form) {
    const web::UploadedFile& photo = form.photo;
    co_return Received{form.title,
                       photo.filename,
                       photo.content_type,
                       static_cast<std::int64_t>(photo.bytes.size()),
                       static_cast<std::int64_t>(form.more->size()),
                       form.stars};
}

std::string field(const std::string& name, const std::string& value) {
    return "--B\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
}
std::string file(const std::string& name, const std::string& bytes) {
    return "--B\r\nContent-Disposition: form-data; name=\"" + name +
           "\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n" + bytes + "\r\n";
}

class Form : public testing::Test {
protected:
    Form() { app.include(web::Router("").post<"/", receive>("Receive")); }
    web::TestClient::Reply send(std::string body,
                                std::string type = "multipart/form-data; boundary=B") {
        return client.send({.method = web::Method::kPost,
                            .target = "/",
                            .headers = {{"Content-Type", std::move(type)}},
                            .body = std::move(body) + "--B--\r\n"});
    }
    web::App app{{.title = "Test", .version = "1"}};
    web::TestClient client{app};
};

TEST_F(Form, TakesFieldsAndFiles) {
    const auto reply = send(field("title", "A cat") + file("photo", std::string("\0\xff\r\n", 4)) +
                            file("more", "1") + field("stars", "5"));
    EXPECT_EQ(reply.body, R"({"title":"A cat","filename":"a.png","content_type":"image/png",)"
                          R"("bytes":4,"more":1,"stars":5})");
}

TEST_F(Form, ReportsEveryInvalidField) {
    const auto reply = send(field("title", "") + file("photo", "123456789") + file("stars", "1") +
                            field("what", "x") + file("more", "") + field("more", "y"));
    EXPECT_EQ(reply.status, 422);
    std::vector<std::string> problems;
    const auto document = reply.json();
    for (const auto& error : document.at("errors").as_array()) {
        problems.push_back(boost::json::value_to<std::string>(error.at("pointer")) + " " +
                           boost::json::value_to<std::string>(error.at("code")));
    }
    EXPECT_EQ(problems, (std::vector<std::string>{"/more/1 file_type", "/title string_too_short",
                                                  "/photo file_too_large", "/stars int_type",
                                                  "/what unknown_field"}));
    EXPECT_EQ(send("").json().at("errors").as_array().size(), 2U);
}

TEST_F(Form, RefusesWhatIsNoForm) {
    EXPECT_EQ(send("", "application/json").status, 415);
    EXPECT_EQ(send("", "multipart/form-data").status, 400);
    EXPECT_EQ(send("x", "multipart/form-data; boundary=C").status, 400);
}

TEST(UploadedFile, CannotBeForgedInJson) {
    const auto json = schema::parse(R"({"filename": "a", "content_type": "b", "bytes": "c"})");
    std::vector<schema::Issue> issues;
    EXPECT_FALSE(schema::Codec<web::UploadedFile>::decode(std::get<schema::Value>(json),
                                                          schema::Issues(issues)));
    EXPECT_EQ(issues.front().code, "file_type");
}

TEST_F(Form, IsDocumented) {
    const boost::json::value document = app.openapi();
    EXPECT_EQ(document.at_pointer("/paths/~1/post/requestBody/content/multipart~1form-data/schema/"
                                  "$ref"),
              "#/components/schemas/Upload");
    const auto& photo = document.at_pointer("/components/schemas/Upload/properties/photo");
    EXPECT_EQ(photo.at("contentMediaType"), "application/octet-stream");
    EXPECT_EQ(photo.at("maxLength"), 8);
}

}  // namespace
