package story;

import java.security.Principal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.mail.MailSender;
import org.springframework.mail.SimpleMailMessage;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsPasswordService;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.provisioning.JdbcUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.rememberme.JdbcTokenRepositoryImpl;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** An application with Spring Security's own login, a page for whoever is logged in, and the pages of the guide. */
@SpringBootApplication(scanBasePackages = {"story", "com.example"})
@RestController
class Application {

    /** What the application has mailed. */
    static final List<SimpleMailMessage> MAILS = Collections.synchronizedList(new ArrayList<>());

    @Bean
    SecurityFilterChain security(HttpSecurity http, DataSource database) throws Exception {
        JdbcTokenRepositoryImpl remembered = new JdbcTokenRepositoryImpl();
        remembered.setDataSource(database);
        return http.authorizeHttpRequests(requests -> requests
                        .requestMatchers("/forgot", "/reset").permitAll()
                        .anyRequest().authenticated())
                .formLogin(Customizer.withDefaults())
                .rememberMe(rememberMe -> rememberMe.tokenRepository(remembered))
                .build();
    }

    @Bean
    JdbcUserDetailsManager users(DataSource database) {
        return new JdbcUserDetailsManager(database);
    }

    @Bean
    PasswordEncoder passwords() {
        return PasswordEncoderFactories.createDelegatingPasswordEncoder();
    }

    /** Upgrades a hash at a login that finds it to be too weak, or in another form. */
    @Bean
    UserDetailsPasswordService upgrades(JdbcUserDetailsManager users) {
        return (user, hash) -> {
            users.updateUser(User.withUserDetails(user).password(hash).build());
            return users.loadUserByUsername(user.getUsername());
        };
    }

    @Bean
    MailSender mail() {
        return messages -> MAILS.addAll(List.of(messages));
    }

    @GetMapping("/me")
    String me(Principal user) {
        return user.getName();
    }
}
