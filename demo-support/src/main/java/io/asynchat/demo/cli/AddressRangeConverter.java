package io.asynchat.demo.cli;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 192.0.2.1}, {@code 10.0.0.0/8}, {@code 2001:db8::/32}; a host name is refused. */
final class AddressRangeConverter implements ITypeConverter<IpSubnetFilterRule> {
    private static final Pattern FORM = Pattern.compile("([^/]+)(?:/(\\d{1,3}))?");

    @Override
    public IpSubnetFilterRule convert(String text) throws UnknownHostException {
        Matcher form = FORM.matcher(text);
        byte[] octets = form.matches() ? NetUtil.createByteArrayFromIpAddressString(form.group(1)) : null;
        if (octets != null) {
            InetAddress address = InetAddress.getByAddress(octets);
            int all = address.getAddress().length * 8;
            int bits = form.group(2) == null ? all : Integer.parseInt(form.group(2));
            if (bits <= all) {
                return new IpSubnetFilterRule(address, bits, IpFilterRuleType.ACCEPT);
            }
        }
        throw new TypeConversionException(
                "'" + text + "' (expected: an IP address, as 192.0.2.1, or a range, as 10.0.0.0/8)");
    }
}
