import { nullTranslator } from '@jupyterlab/translation';
import { deepLink } from '../../deepLink';
import { DOMAIN } from '../../tokens';
import { linkQuery, readCode, readWorkshopLink, showCode } from '../link';

const trans = nullTranslator.load(DOMAIN);

describe('A link to a workshop', () => {
  it.each([
    [{ path: 'shared/class é/first.workshop.json' }],
    [{ code: 'ABC234' }]
  ])('should be read as it was written: %j', link => {
    const address = new URL(
      deepLink(linkQuery(link), {
        server: 'https://hub.example.org/user/ada/',
        app: 'lab',
        hub: { prefix: '/hub/', host: '' }
      })
    );
    expect(address.pathname).toBe('/hub/user-redirect/lab');
    expect(readWorkshopLink(address.search, trans)).toEqual(link);
  });

  it.each([
    '',
    'notes.txt',
    '../x.workshop.json',
    'a/../../x.workshop.json',
    '/etc/x.workshop.json',
    'a//x.workshop.json',
    'RTC:x.workshop.json',
    'https://evil.example/x.workshop.json',
    'a\\x.workshop.json',
    'a\u202ex.workshop.json',
    'x\n.workshop.json',
    `${'x'.repeat(600)}.workshop.json`
  ])('should be refused when its path is %j', path => {
    const search = `?seasonal-workshop=${encodeURIComponent(path)}`;
    expect(() => readWorkshopLink(search, trans)).toThrow(
      /does not name a workshop file/
    );
  });

  it('should be refused when its code can be none', () => {
    const search = '?seasonal-workshop-code=../../hub/logout';
    expect(() => readWorkshopLink(search, trans)).toThrow(/cannot be one/);
  });
});

describe('A code', () => {
  it.each(['ABC234', 'abc-234', ' a b c 2 3 4 '])(
    'should be understood as %j',
    text => {
      expect(readCode(text)).toBe('ABC234');
    }
  );

  it.each(['', 'ABC23', 'ABC2345', 'ABC10O', '<b>234'])(
    'should not be %j',
    text => {
      expect(readCode(text)).toBeNull();
    }
  );

  it('should be read out in two halves', () => {
    expect(showCode('ABC234')).toBe('ABC-234');
  });
});
